// What is held.

import { closePosition } from "./controls.js";
import { byId, head, make, put, rows } from "./elements.js";
import { percent, price, quantity, seconds, span, time, unknown, usdt } from "./numbers.js";

const NOT_MARKED = "not valued yet";
const missing = (one) => one.pnl?.missing.join("; ") || NOT_MARKED;
const part = (name) => (one) =>
  usdt(one.pnl?.total?.[name], { signed: true, reason: missing(one) });

const COLUMNS = [
  { name: "Pair", side: "left", show: (one) => ({ text: one.pair_key, title: one.position.id }) },
  {
    name: "State",
    side: "left",
    show: (one) => ({ text: one.state, title: one.problem, kind: `position-${one.state}` }),
  },
  { name: "Held", title: "Since it was opened", show: (one) => ({ text: span(one.age) }) },
  {
    name: "Quantity",
    title: "Base coins bought on spot and sold short",
    show: (one) => {
      const coin = one.position.pair.short.base;
      const shown = quantity(one.pnl?.spot_quantity, coin, NOT_MARKED);
      if (!one.pnl) return shown;
      return { ...shown, title: `spot ${one.pnl.spot_quantity}, perp ${one.pnl.perp_quantity} ${coin}` };
    },
  },
  {
    name: "Delta",
    title: "Spot held less perpetual short, base coins",
    show: (one) => quantity(one.pnl?.delta, one.position.pair.short.base, NOT_MARKED),
  },
  {
    name: "Notional",
    title: "USDT of the spot leg at its entry price",
    show: (one) => usdt(one.pnl?.notional_usdt, { reason: NOT_MARKED }),
  },
  {
    name: "Spot entry",
    title: "USDT per base coin; the price now is on hover",
    show: (one) => entry(one.pnl?.entry_spot_price, one.pnl?.mark_spot_price),
  },
  {
    name: "Perp entry",
    title: "USDT per base coin; the price now is on hover",
    show: (one) => entry(one.pnl?.entry_perp_price, one.pnl?.mark_perp_price),
  },
  { name: "Funding", title: "USDT received less paid", show: part("funding") },
  { name: "Price", title: "USDT, both legs together", show: part("price") },
  { name: "Fees", title: "USDT, both legs", show: part("fees") },
  { name: "Net", title: "USDT after fees, at the price now", show: part("net") },
  {
    name: "Paid off",
    title: "Funding collected, as a share of all fees with those of the exit",
    show: (one) => percent(one.break_even_progress, 0, "fees or funding are not known yet"),
  },
  { name: "Next funding", title: "USDT expected at the next settlement, and when", show: next },
  {
    name: "",
    fill: (cell, one) => {
      if (!cell.firstChild) {
        cell.append(
          make("button", { type: "button", class: "small", onclick: () => closePosition(cell.position) }, "Close"),
        );
      }
      cell.position = one;
      cell.firstChild.disabled = one.state === "closing";
    },
  },
];

let at = null;

export function showPositions(positions) {
  at = positions.at;
  if (!byId("positions-head").children.length) head(byId("positions-head"), COLUMNS);
  rows(byId("positions"), positions.positions, (one) => one.position.id, COLUMNS);
  byId("positions").closest(".scroll").hidden = positions.positions.length === 0;
  const empty = byId("no-positions");
  empty.hidden = positions.positions.length > 0;
  put(empty, "Nothing is held. Why, and how near the best pair is, stands above.");
}

function entry(at, now) {
  const shown = price(at, "not filled yet");
  return at == null ? shown : { ...shown, title: `entered at ${at}, now ${now ?? "not known"}` };
}

function next(one) {
  if (!one.next_settlement) return unknown("the venue has not said when");
  const shown = usdt(one.expected_funding_usdt, { signed: true, reason: "no predicted rate" });
  const left = seconds(at, one.next_settlement);
  return {
    ...shown,
    text: `${shown.text} in ${span(left)}`,
    title: `${shown.title} by the predicted rate, at ${time(one.next_settlement)}`,
  };
}
