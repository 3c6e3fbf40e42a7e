// What each pair brought, in all and by month.

import { byId } from "../../lib/elements.js";
import { asNumber, count, percent, usdt } from "../../lib/numbers.js";
import { Table } from "../../lib/table.js";

const EMPTY = "No trade has been closed yet.";
const money = (name, figure, title) => ({ name, title, show: (one) => usdt(one[figure], { signed: true }), value: (one) => asNumber(one[figure]) });
const pairs = new Table(byId("pairs"), {
  label: "Results by pair",
  keyOf: (one) => one.pair_key,
  sort: { by: "Net", down: true },
  empty: EMPTY,
  columns: [
    { name: "Pair", side: "left", show: (one) => one.pair_key, value: (one) => one.pair_key },
    { name: "Trades", show: (one) => count(one.trades), value: (one) => one.trades },
    {
      name: "Won",
      title: "Share of trades with a net above 0",
      show: (one) => ({ ...percent(one.win_rate.value, 0, one.win_rate.reason), title: `${one.wins} of ${one.trades}` }),
      value: (one) => one.win_rate.value,
    },
    money("Funding", "funding_usdt", "Received less paid"),
    money("Price", "price_usdt", "Both legs together"),
    money("Fees", "fees_usdt", "Both legs"),
    money("Net", "net_usdt", "Funding, price and fees"),
  ],
});
let months = "";
let byMonth = null;

export function showPairs(results, pairMonths) {
  pairs.show(results);
  const known = [...new Set(pairMonths.map((one) => one.month))].sort();
  if (byMonth === null || known.join() !== months) {
    months = known.join();
    byMonth = monthTable(known);
  }
  const rows = new Map();
  for (const one of pairMonths) {
    const row = rows.get(one.pair_key) ?? { pair_key: one.pair_key };
    row[one.month] = one;
    rows.set(one.pair_key, row);
  }
  byMonth.show([...rows.values()]);
}

function monthTable(known) {
  return new Table(byId("pair-months"), {
    label: "Results by pair and month",
    keyOf: (one) => one.pair_key,
    sort: { by: "Pair", down: false },
    empty: EMPTY,
    columns: [
      { name: "Pair", side: "left", show: (one) => one.pair_key, value: (one) => one.pair_key },
      ...known.map((month) => ({
        name: month,
        show: (one) => {
          const cell = one[month];
          if (!cell) return { text: "", title: "" };
          return { ...usdt(cell.pnl.net, { signed: true }), title: `${cell.pnl.net} USDT, ${cell.trades} ${cell.trades === 1 ? "trade" : "trades"}` };
        },
        value: (one) => asNumber(one[month]?.pnl.net),
      })),
    ],
  });
}
