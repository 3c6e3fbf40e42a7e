// The account as the venue states it.

import { byId, figures, put } from "../../lib/elements.js";
import { percent, quantity, time, usdt } from "../../lib/numbers.js";

export function showBalance(balance) {
  const { account, problem } = balance;
  const why = problem || "the venue has not said";
  put(byId("balance-at"), balance.at ? `as of ${time(balance.at)}` : "");
  byId("balance-problem").hidden = !problem;
  put(byId("balance-problem"), problem);
  figures(byId("balance"), [
    { name: "Total", title: "Equity of the account, USDT", value: usdt(account?.equity_usdt, { reason: why }) },
    { name: "Available", title: "Free for new margin, USDT", value: usdt(account?.available_usdt, { reason: why }) },
    { name: "Allocated", title: "Spot legs held, at their entry prices, USDT", value: usdt(balance.allocated_usdt, { reason: why }) },
    {
      name: "Margin ratio",
      title: "Maintenance margin as a share of what stands behind it; positions are liquidated at 100%",
      value: percent(account?.margin_ratio, 1, why),
    },
  ]);
  const coins = account?.balances ?? [];
  byId("wallets-box").hidden = coins.length === 0;
  figures(
    byId("wallets"),
    coins.map((one) => ({ name: one.coin, value: quantity(one.total, one.coin) })),
  );
}
