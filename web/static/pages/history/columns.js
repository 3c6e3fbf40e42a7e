// The columns of closed trades, and of the results by pair.

import { asNumber, count, percent, price, quantity, seconds, span, time, unknown, usdt, yearly } from "../../lib/numbers.js";

const result = (name, title, pick) => ({
  name,
  title,
  show: (one) => usdt(pick(one), { signed: true, reason: "not known" }),
  value: (one) => asNumber(pick(one)),
});
const held = (one) => seconds(one.entry_at, one.exit_at);
const split = (pick) => [
  result("Funding", "Received less paid, USDT", (one) => pick(one).funding),
  result("Price", "Both legs together, USDT; slippage is inside", (one) => pick(one).price),
  result("Fees", "Both legs, USDT", (one) => pick(one).fees),
  result("Slippage", "Fills against the decisions' prices, USDT; inside Price", (one) => pick(one).slippage),
  result("Net", "Funding, price and fees, USDT", (one) => pick(one).net),
];

export const TRADE_COLUMNS = [
  {
    name: "Pair",
    side: "left",
    show: (one) => ({ text: one.pair_key, title: `${one.position_id}: its whole life` }),
    value: (one) => one.pair_key,
  },
  { name: "Opened", side: "left", show: (one) => ({ text: time(one.entry_at), title: one.entry_at }), value: (one) => one.entry_at },
  { name: "Closed", side: "left", show: (one) => ({ text: time(one.exit_at), title: one.exit_at }), value: (one) => one.exit_at },
  { name: "Held", show: (one) => ({ text: span(held(one)) }), value: held },
  {
    name: "Size",
    title: "USDT of the spot leg at its entry price; the quantity on hover",
    show: (one) => ({ ...usdt(one.notional_usdt), title: `${one.notional_usdt} USDT, ${quantity(one.quantity, "").text} coins` }),
    value: (one) => asNumber(one.notional_usdt),
  },
  {
    name: "Spot in → out",
    title: "Average prices of the spot leg, USDT per base coin",
    show: (one) => prices(one.entry_spot_price, one.exit_spot_price),
  },
  {
    name: "Perp in → out",
    title: "Average prices of the perpetual leg, USDT per base coin",
    show: (one) => prices(one.entry_perp_price, one.exit_perp_price),
  },
  ...split((one) => one.pnl),
  {
    name: "Left because",
    side: "left long",
    show: (one) => {
      const why = one.failed_open ? ["failed open", ...one.exit_reasons] : one.exit_reasons;
      return { text: why[0] ?? "", title: why.join("\n"), kind: one.failed_open ? "loss" : "" };
    },
    value: (one) => (one.failed_open ? "failed open" : one.exit_reasons[0] ?? ""),
  },
];

export const PAIR_COLUMNS = [
  { name: "Pair", side: "left", show: (one) => one.pair_key, value: (one) => one.pair_key },
  { name: "Trades", show: (one) => count(one.sums.trades), value: (one) => one.sums.trades },
  {
    name: "Won",
    title: "Share of trades with a net above 0",
    show: (one) => ({ ...percent(one.win_rate.value, 0, one.win_rate.reason), title: `${one.sums.wins} of ${one.sums.trades}` }),
    value: (one) => one.win_rate.value,
  },
  { name: "Mean time held", show: (one) => lasting(one.mean_holding_hours), value: (one) => one.mean_holding_hours.value },
  { name: "Size", title: "Sum of one leg's notionals, USDT", show: (one) => usdt(one.sums.notional_usdt), value: (one) => asNumber(one.sums.notional_usdt) },
  ...split((one) => one.sums.pnl),
  {
    name: "Yield",
    title: "Net for the notional and the time held, simple, a year",
    show: (one) => yearly(one.apr.value, one.apr.reason),
    value: (one) => one.apr.value,
  },
];

const lasting = ({ value, reason }) => (value == null ? unknown(reason) : { text: span(3600 * value) });
const prices = (entry, exit) => ({
  text: `${price(entry).text} → ${price(exit).text}`,
  title: `${entry ?? "not filled"} → ${exit ?? "not filled"}`,
});
