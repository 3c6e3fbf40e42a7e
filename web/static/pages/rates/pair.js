// One pair in the drawer: why the bot does what it does, costs, and its settled rates.

import { get } from "../../lib/api.js";
import { Chart } from "../../lib/chart.js";
import { drawer } from "../../lib/dialogs.js";
import { figures, keep, make, put } from "../../lib/elements.js";
import { basisPoints, percent, price, rate, rounded, shortUsdt, span, time, unknown, usdt, yearly } from "../../lib/numbers.js";
import { ACTIONS, why } from "./columns.js";

const REFRESH_MS = 5000;
const PRINTS = 500;
const STAGES = {
  data: "its data", liquid: "liquidity", rate: "its rate", net: "the cost of the round trip", risk: "the limits", granted: "the grant",
};

let opened = null;

export function openPair(one) {
  const body = drawer(one.pair_key, () => {
    opened = null;
  });
  const parts = {
    verdict: make("p", { class: "verdict" }),
    reasons: make("ul", { class: "points" }),
    figures: make("dl", { class: "figures plain" }),
    chart: make("div"),
  };
  body.append(
    make("section", {}, parts.verdict, parts.reasons),
    parts.figures,
    make("section", {}, make("h3", {}, "Settled rates, per 8 hours"), parts.chart),
  );
  opened = { key: one.pair_key, parts, chart: new Chart(parts.chart, describe, "Loading…"), at: 0 };
  draw(one);
  load();
}

/** The table's rows have changed: the open pair follows. */
export function followPair(rows) {
  const mine = opened && rows.find((one) => one.pair_key === opened.key);
  if (!mine) return;
  draw(mine);
  if (Date.now() - opened.at > REFRESH_MS) load();
}

async function load() {
  const mine = opened;
  mine.at = Date.now();
  const key = encodeURIComponent(mine.key);
  const [judged, prints] = await Promise.allSettled([
    get(`opportunities?pair_key=${key}`),
    get(`rate-prints?pair_key=${key}&limit=${PRINTS}`),
  ]);
  if (mine !== opened) return;
  const reasons = judged.value?.opportunities[0]?.reasons ?? [judged.reason?.message ?? "It was not judged in the last cycle."];
  keep(mine.parts.reasons, reasons, (text) => text, () => make("li"), put);
  const settled = prints.value?.prints ?? [];
  mine.chart.show(settled.length ? [...settled].reverse() : null, prints.reason?.message ?? "No settled rate is on record.");
}

function draw(one) {
  const { verdict, figures: list } = opened.parts;
  if (!verdict.firstChild) verdict.append(make("span", { class: "badge" }), " ", make("span"));
  put(verdict.firstChild, { text: one.action ?? "not judged", kind: ACTIONS[one.action] ?? "quiet" });
  put(verdict.lastChild, one.fell_at ? `It fell out at ${STAGES[one.fell_at] ?? one.fell_at}.` : one.held ? "It is held." : "");
  const bp = (name, figure, title, signed = false) => ({ name, title, value: basisPoints(one[figure], { signed, reason: why(one, figure) }) });
  figures(list, [
    { name: "Predicted", value: rate(one.rate, one.interval_hours, why(one, "rate")), aside: one.at_limit ? "at its limit" : one.rate_cap == null ? "" : `limit ${rounded(100 * one.rate_cap, 2)}%` },
    { name: "Last settled", value: rate(one.last_settled_rate_8h, 8, why(one, "last_settled_rate_8h")) },
    { name: "Slow mean", title: "Of its own settled rates", value: rate(one.mean_8h, 8, why(one, "mean_8h")) },
    { name: "Expected", title: "Mean that its history lets expect over the horizon", value: rate(one.expected_8h, 8, why(one, "expected_8h")) },
    { name: "Percentile", title: "Share of its history with a lower rate", value: percent(one.percentile, 0, why(one, "percentile")), aside: `of ${one.history_prints} settlements` },
    bp("Round trip", "round_trip_bp", "Four fees, spreads and slippage"),
    { name: "Break-even", value: one.break_even_hours == null ? unknown(why(one, "break_even_hours")) : { text: span(3600 * one.break_even_hours) } },
    bp("Expected net", "expected_net_bp", "Over the horizon, after the round trip", true),
    { name: "per 1,000 USDT", title: "Expected net over the horizon", value: usdt(one.expected_net_per_1000_usdt, { signed: true, reason: why(one, "expected_net_per_1000_usdt") }) },
    { name: "a year", title: "The expected net as a simple yearly rate", value: yearly(one.expected_net_apr, why(one, "expected_net_apr")) },
    bp("Basis", "basis_bp", "Perpetual over spot"),
    { name: "Spot", value: price(one.spot_price, why(one, "spot_price")) },
    { name: "Mark", value: price(one.mark_price, why(one, "mark_price")) },
    { name: "Way in", title: "What both legs' best prices take, USDT", value: shortUsdt(one.touch_entry_usdt, why(one, "touch_entry_usdt")) },
    { name: "Way out", title: "What both legs' best prices take, USDT", value: shortUsdt(one.touch_exit_usdt, why(one, "touch_exit_usdt")) },
    { name: "Data of", value: one.as_of ? { text: time(one.as_of, true) } : unknown(one.missing.join("; ") || "not known") },
  ]);
}

function describe(prints, look) {
  const x = prints.map((one) => one.at);
  const y = prints.map((one) => 100 * Number(one.rate_8h));
  const changes = new Set(prints.map((one) => one.interval_hours));
  return {
    summary: `${prints.length} settled rates from ${time(x[0])} to ${time(x.at(-1))}; the last was ${rounded(y.at(-1), 4, true)}% per 8 hours.`,
    traces: [
      {
        type: "bar", x, y, marker: { color: y.map((value) => (value < 0 ? look.loss : look.gain)), line: { width: 0 } },
        text: prints.map((one) => rate(one.rate, one.interval_hours).text), textposition: "none",
        hovertemplate: `%{y:+.4f}% / 8h${changes.size > 1 ? "<br>settled %{text}" : ""}<extra></extra>`,
      },
    ],
    layout: { xaxis: { type: "date" }, yaxis: { tickformat: "+.3f", ticksuffix: "%", side: "right", nticks: 5 }, hovermode: "x", bargap: 0.1 },
  };
}
