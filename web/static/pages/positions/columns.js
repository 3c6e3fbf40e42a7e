// The columns of the positions' table.

import { closePosition } from "../../lib/closing.js";
import { mayCommand } from "../../lib/commands.js";
import { make, put } from "../../lib/elements.js";
import { asNumber, basisPoints, paidOff, percent, price, quantity, seconds, span, time, unknown, usdt } from "../../lib/numbers.js";

let at = null;

/** The bot's time that ages and countdowns refer to. */
export const look = (now) => {
  at = now;
};

const why = (one, figure) => one.unknown[figure] || one.problem || "not valued yet";
const money = (figure) => ({
  show: (one) => usdt(one[figure], { signed: true, reason: why(one, figure) }),
  value: (one) => asNumber(one[figure]),
});

export const COLUMNS = [
  { name: "Pair", side: "left", show: (one) => ({ text: one.pair_key, title: `${one.position.id}: its whole life` }), value: (one) => one.pair_key },
  { name: "State", side: "left", fill: state, value: (one) => one.state },
  { name: "Held", title: "Since it was opened", show: (one) => ({ text: span(one.age), title: `since ${time(one.position.opened_at ?? one.position.created_at)}` }), value: (one) => one.age },
  {
    name: "Size",
    title: "USDT of the spot leg at its mark price; quantities on hover",
    show: (one) => {
      const shown = usdt(one.notional_now_usdt, { reason: why(one, "notional_now_usdt") });
      if (!one.pnl) return shown;
      const coin = one.position.pair.short.base;
      return { ...shown, title: `${shown.title}: spot ${one.pnl.spot_quantity} ${coin}, perp ${one.pnl.perp_quantity} ${coin}` };
    },
    value: (one) => asNumber(one.notional_now_usdt),
  },
  { name: "Spot entry", title: "USDT per base coin", show: (one) => price(one.pnl?.entry_spot_price, "not filled yet") },
  { name: "Perp entry", title: "USDT per base coin", show: (one) => price(one.pnl?.entry_perp_price, "not filled yet") },
  {
    name: "Mark",
    title: "The perpetual's mark price, USDT per base coin; spot's on hover",
    show: (one) => {
      const shown = price(one.pnl?.mark_perp_price, why(one, "notional_now_usdt"));
      return one.pnl?.mark_perp_price == null ? shown : { ...shown, title: `perp ${one.pnl.mark_perp_price}, spot ${one.pnl.mark_spot_price ?? "not known"}` };
    },
  },
  {
    name: "Basis then → now",
    title: "Perpetual over spot, bp, at the entry prices and now; what it fell is the price result",
    show: (one) => {
      const [then, now] = [one.basis_entry_bp, one.basis_now_bp].map((value) => basisPoints(value));
      return {
        text: `${then.text.replace(" bp", "")} → ${now.text}`,
        title: `${one.basis_entry_bp ?? why(one, "basis_entry_bp")} → ${one.basis_now_bp ?? why(one, "basis_now_bp")} bp`,
      };
    },
    value: (one) => asNumber(one.basis_now_bp),
  },
  { name: "Funding", title: "Collected less paid so far", ...money("funding_usdt") },
  { name: "Next payment", title: "Expected at the next settlement by the predicted rate, and in how long", show: next, value: (one) => asNumber(one.expected_funding_usdt) },
  { name: "Price", title: "Price result of both legs together, unrealised included", ...money("price_usdt") },
  { name: "Fees", title: "Paid so far, both legs", ...money("fees_usdt") },
  { name: "Net", title: "Funding, price and fees so far; the cost of closing is not in it", ...money("net_usdt") },
  { name: "Paid off", title: "Funding collected as a share of all fees, those of the exit included", fill: paid, value: (one) => asNumber(one.break_even_progress) },
  {
    name: "Delta",
    title: "Spot held less perpetual short, base coins; less than a lot is neutral",
    show: (one) => {
      const shown = quantity(one.delta, one.position.pair.short.base, why(one, "delta"));
      const off = one.delta != null && Math.abs(Number(one.delta)) >= Number(one.position.pair.step);
      return off ? { ...shown, kind: "loss", title: `${shown.title}: not neutral, a lot is ${one.position.pair.step}` } : shown;
    },
    value: (one) => asNumber(one.delta),
  },
  {
    name: "To liquidation",
    title: "How far the mark price may rise before the venue liquidates the short, by its own word",
    show: (one) => {
      const shown = percent(one.liquidation_distance, 0, why(one, "liquidation_distance"));
      if (one.liquidation_distance == null) return shown;
      const near = Number(one.liquidation_distance) < 0.15;
      const far = Number(one.liquidation_distance) > 10;
      return { text: far ? "> 10×" : `+${shown.text}`, title: `at ${one.liquidation_price} USDT`, kind: near ? "loss" : "" };
    },
    value: (one) => asNumber(one.liquidation_distance),
  },
  { name: "", key: "close", side: "actions", label: "Close", fill: closing },
];

const STATES = { open: "gain", opening: "warn", closing: "warn", repairing: "loss", orphaned: "loss" };

function state(cell, one) {
  if (!cell.firstChild) cell.append(make("span", { class: "badge" }));
  put(cell.firstChild, { text: one.state, title: one.problem, kind: STATES[one.state] });
}

function next(one) {
  if (!one.next_settlement) return unknown(one.unknown.next_settlement ?? "the venue has not said when");
  const shown = usdt(one.expected_funding_usdt, { signed: true, reason: why(one, "expected_funding_usdt") });
  return {
    ...shown,
    text: `${shown.text} in ${span(seconds(at, one.next_settlement))}`,
    title: `${shown.title} by the predicted rate, at ${time(one.next_settlement)}`,
  };
}

function paid(cell, one) {
  if (!cell.firstChild) cell.append(make("span", { class: "paid" }, make("span", { class: "bar" }, make("i")), make("span")));
  const [bar, text] = cell.firstChild.children;
  const done = one.break_even_progress;
  bar.firstChild.style.width = `${Math.max(0, Math.min(100, 100 * (done ?? 0)))}%`;
  put(text, paidOff(done, why(one, "break_even_progress")));
}

function closing(cell, one) {
  cell.position = one;
  if (!mayCommand()) return;
  if (!cell.firstChild) {
    cell.append(make("button", { type: "button", class: "small", onclick: () => closePosition(cell.position) }, "Close"));
  }
  cell.firstChild.disabled = one.state === "closing";
  cell.firstChild.setAttribute("aria-label", `Close ${one.pair_key}`);
}
