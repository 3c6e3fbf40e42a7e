// What the trades come to.

import { byId, figures, put } from "../../lib/elements.js";
import { count, percent, span, unknown, usdt, yearly } from "../../lib/numbers.js";
import { chosen } from "./filters.js";

export function showSums({ sums, win_rate: won, mean_holding_hours: held, apr }) {
  put(byId("which"), chosen() ? "those that the filters let through" : "all of them");
  const result = (name, figure, title) => ({ name, title, value: usdt(sums?.pnl[figure], { signed: true, reason: "the ledger has not been read yet" }) });
  const yield_ = yearly(apr.value, apr.reason);
  figures(byId("sums"), [
    { name: "Trades", value: count(sums?.trades, "the ledger has not been read yet") },
    { name: "Won", title: "Share of trades with a net above 0", value: percent(won.value, 0, won.reason), aside: sums ? `${sums.wins} of ${sums.trades}` : "" },
    result("Net", "net", "Funding, price and fees"),
    result("Funding", "funding", "Received less paid"),
    result("Price", "price", "Both legs together; slippage is inside"),
    result("Fees", "fees", "Both legs"),
    {
      ...result("Slippage", "slippage", "Fills against the decisions' prices; inside Price"),
      aside: sums?.slippage_unknown ? `without ${sums.slippage_unknown} of unknown` : "",
    },
    { name: "Mean time held", value: held.value == null ? unknown(held.reason) : { text: span(3600 * held.value) } },
    { name: "Yield", title: "Net for the notional and the time held, simple", value: { ...yield_, text: yield_.text.replace(" a year", "") }, aside: apr.value == null ? "" : "a year" },
  ]);
}
