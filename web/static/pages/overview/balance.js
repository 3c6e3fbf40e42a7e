// The account as the venue states it.

import { byId, figures, put } from "../../lib/elements.js";
import { percent, quantity, shortUsdt, time, usdt } from "../../lib/numbers.js";

const MONEY = [
  ["Total", "total_usdt", "Everything in the account at mark prices, USDT"],
  ["Available", "available_usdt", "Quote coins free for spot or margin now, USDT"],
  ["Allocated", "allocated_usdt", "Spot legs held, at their entry prices, USDT"],
];

export function showBalance(balance) {
  const why = (figure) => balance.unknown[figure] || balance.problem || "the venue has not said";
  put(byId("balance-at"), balance.at ? `as of ${time(balance.at)}` : "");
  byId("balance-problem").hidden = !balance.problem;
  put(byId("balance-problem"), balance.problem);
  const ratio = percent(balance.margin_ratio, 2, why("margin_ratio"));
  figures(byId("balance"), [
    ...MONEY.map(([name, figure, title]) => ({
      name,
      title,
      value: usdt(balance[figure], { reason: why(figure) }),
    })),
    {
      name: "Margin ratio",
      title: "Maintenance margin as a share of the collateral; the venue liquidates at 100%",
      value: { ...ratio, kind: balance.margin_ratio > 0.5 ? "loss" : ratio.kind },
      aside: balance.maintenance_margin_usdt == null ? "" : { text: `${usdt(balance.maintenance_margin_usdt).text} maintenance` },
    },
  ]);
  byId("wallets-box").hidden = balance.coins.length === 0;
  figures(
    byId("wallets"),
    balance.coins.map((one) => ({
      name: one.coin,
      value: quantity(one.total, one.coin),
      aside: shortUsdt(one.value_usdt, "no price is known"),
    })),
  );
}
