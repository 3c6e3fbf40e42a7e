// The columns of the rates' table.

import { make, put } from "../../lib/elements.js";
import { asNumber, basisPoints, percent, price, rate, rounded, seconds, shortUsdt, span, time, unknown, yearly } from "../../lib/numbers.js";

let at = null;

/** The bot's time that countdowns refer to. */
export const look = (now) => {
  at = now;
};

export const why = (one, figure) => one.unknown[figure] || one.missing[0] || "not known";
export const ACTIONS = { enter: "gain", hold: "gain", exit: "warn", "stay out": "quiet", blocked: "warn" };
const TRENDS = { rising: "↗ rising", falling: "↘ falling", steady: "→ steady" };

const bp = (name, figure, title, signed = false) => ({
  name,
  title,
  show: (one) => basisPoints(one[figure], { signed, reason: why(one, figure) }),
  value: (one) => asNumber(one[figure]),
});

export const COLUMNS = [
  { name: "Pair", side: "left", show: (one) => ({ text: one.pair_key, title: `${one.symbol}: rates, costs and reasons` }), value: (one) => one.pair_key },
  { name: "Does", side: "left", title: "What the bot does with it; the reason on hover", fill: action, value: (one) => one.action ?? "" },
  {
    name: "Predicted",
    title: "For the next settlement, per the symbol's own interval; positive = longs pay shorts",
    fill: (cell, one) => {
      put(cell, rate(one.rate, one.interval_hours, why(one, "rate")));
      cell.classList.toggle("at-limit", one.at_limit === true);
    },
    value: (one) => asNumber(one.rate),
  },
  {
    name: "per 8h",
    title: "The same per 8 hours, to compare pairs",
    show: (one) => ({ ...rate(one.rate_8h, null, why(one, "rate_8h")) }),
    value: (one) => asNumber(one.rate_8h),
  },
  { name: "APR", title: "Of the present rate alone, simple: not what to expect", show: (one) => short(yearly(one.apr, why(one, "apr"))), value: (one) => asNumber(one.apr) },
  {
    name: "Next",
    title: "Until the next settlement",
    show: (one) => {
      if (!one.next_settlement) return unknown(why(one, "next_settlement"));
      return { text: at ? span(seconds(at, one.next_settlement)) : "–", title: time(one.next_settlement) };
    },
    value: (one) => (one.next_settlement ? Date.parse(one.next_settlement) : null),
  },
  {
    name: "Percentile",
    title: "Share of its own history with a lower rate",
    show: (one) => ({ ...percent(one.percentile, 0, why(one, "percentile")), title: one.percentile == null ? why(one, "percentile") : `of ${one.history_prints} settlements` }),
    value: (one) => one.percentile,
  },
  {
    name: "Trend",
    side: "left",
    title: "Fast mean against slow mean of its settled rates",
    show: (one) =>
      one.trend == null
        ? unknown(why(one, "trend"))
        : { text: TRENDS[one.trend], title: `${rounded(100 * one.trend_8h, 5, true)}% / 8h`, kind: one.trend === "steady" ? "quiet" : "" },
    value: (one) => one.trend_8h,
  },
  bp("Round trip", "round_trip_bp", "Cost of entering and leaving both legs: four fees, spreads and slippage, bp of one leg"),
  {
    name: "Break-even",
    title: "Settlements until the expected rate has paid the round trip",
    show: (one) =>
      one.break_even_settlements == null
        ? unknown(why(one, "break_even_settlements"))
        : { text: `${rounded(one.break_even_settlements, 0)} × ${one.interval_hours}h`, title: span(3600 * one.break_even_hours) },
    value: (one) => asNumber(one.break_even_hours),
  },
  { ...bp("Expected net", "expected_net_bp", "Expected funding over the horizon less the round trip, bp of one leg", true) },
  { name: "a year", title: "The expected net as a simple yearly rate", show: (one) => short(yearly(one.expected_net_apr, why(one, "expected_net_apr"))), value: (one) => asNumber(one.expected_net_apr) },
  bp("Basis", "basis_bp", "Perpetual over spot, bp"),
  {
    name: "Spreads",
    title: "Ask over bid, spot / perpetual, bp",
    show: (one) => {
      const [spot, perp] = [one.spot_spread_bp, one.perp_spread_bp];
      if (spot == null && perp == null) return unknown(why(one, "spot_spread_bp"));
      const text = [spot, perp].map((value) => (value == null ? "–" : rounded(value, 1))).join(" / ");
      return { text: `${text} bp`, title: `spot ${spot ?? "not known"}, perpetual ${perp ?? "not known"} bp` };
    },
    value: (one) => (one.spot_spread_bp == null || one.perp_spread_bp == null ? null : Number(one.spot_spread_bp) + Number(one.perp_spread_bp)),
  },
  {
    name: "At the touch",
    title: "What both legs' best prices take on the way in, USDT",
    show: (one) => shortUsdt(one.touch_entry_usdt, why(one, "touch_entry_usdt")),
    value: (one) => asNumber(one.touch_entry_usdt),
  },
  { name: "Volume 24h", title: "Of the thinner leg, USDT", show: (one) => shortUsdt(one.volume_24h_usdt, why(one, "volume_24h_usdt")), value: (one) => asNumber(one.volume_24h_usdt) },
  { name: "Mark", title: "Mark price of the perpetual, USDT per base coin", show: (one) => price(one.mark_price, why(one, "mark_price")), value: (one) => asNumber(one.mark_price) },
];

const short = (shown) => ({ ...shown, text: shown.text.replace(" a year", "") });

function action(cell, one) {
  if (!cell.firstChild) cell.append(make("span", { class: "badge" }));
  if (one.action == null) put(cell.firstChild, { text: "not judged", title: one.reason || why(one, "action"), kind: "quiet" });
  else if (one.fell_at === "data") put(cell.firstChild, { text: "no data", title: one.reason, kind: "quiet" });
  else put(cell.firstChild, { text: one.action, title: one.reason, kind: ACTIONS[one.action] });
}
