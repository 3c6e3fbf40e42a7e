// Cumulative profit, and how results are distributed.

import { Chart } from "../../lib/chart.js";
import { byId } from "../../lib/elements.js";
import { rounded, time } from "../../lib/numbers.js";

const DAY_MS = 86_400_000;
const EMPTY = "There is no closed trade to draw.";
const cumulative = new Chart(byId("cumulative"), describeCumulative, EMPTY);
const distribution = new Chart(byId("distribution"), describeDistribution, EMPTY);

export const showCumulative = (points) => cumulative.show(points.length ? points : null);
export const showDistribution = (bins) => distribution.show(bins.length ? bins : null);

function describeCumulative(points, look) {
  const x = points.map((one) => one.at);
  const y = points.map((one) => Number(one.net_usdt));
  return {
    summary: `Cumulative net from ${time(x[0])} to ${time(x.at(-1))}: ${rounded(y.at(-1), 2, true)} USDT at the end.`,
    traces: [
      {
        // A result is there from its exit on: steps, not slopes.
        x, y, mode: points.length < 60 ? "lines+markers" : "lines",
        line: { color: look.accent, width: 1.6, shape: "hv" }, marker: { size: 4 },
        fill: "tozeroy", fillcolor: look.wash, hovertemplate: "%{y:+,.2f} USDT<extra></extra>",
      },
    ],
    layout: { xaxis: { type: "date", ...around(x) }, yaxis: { tickformat: ",.0f", side: "right", rangemode: "tozero", nticks: 6 }, hovermode: "x" },
  };
}

/** A few days around trades that lie too near to each other for an axis of their own. */
function around(x) {
  const [first, last] = [Date.parse(x[0]), Date.parse(x.at(-1))];
  if (last - first > DAY_MS) return {};
  return { range: [first - 3 * DAY_MS, last + 3 * DAY_MS].map((at) => new Date(at).toISOString()), nticks: 6 };
}

function describeDistribution(bins, look) {
  const middle = bins.map((one) => (Number(one.from_usdt) + Number(one.to_usdt)) / 2);
  const lost = bins.filter((one) => Number(one.to_usdt) <= 0).reduce((sum, one) => sum + one.trades, 0);
  const step = Math.max(1, Math.ceil(Math.max(...bins.map((one) => one.trades)) / 4));
  const all = bins.reduce((sum, one) => sum + one.trades, 0);
  return {
    summary: `${all} trades in ${bins.length} classes; ${lost} of them lost.`,
    traces: [
      {
        type: "bar", x: middle, y: bins.map((one) => one.trades),
        width: bins.map((one) => 0.94 * (Number(one.to_usdt) - Number(one.from_usdt))),
        marker: { color: bins.map((one) => (Number(one.to_usdt) <= 0 ? look.loss : look.gain)), opacity: 0.8 },
        text: bins.map((one) => `${rounded(one.from_usdt, 0)} to ${rounded(one.to_usdt, 0)} USDT`), textposition: "none",
        hovertemplate: "%{y} trades: %{text}<extra></extra>",
      },
    ],
    layout: { xaxis: { tickformat: "+,.0f", ...beside(bins) }, yaxis: { dtick: step, tickformat: ",d", side: "right", rangemode: "tozero" }, hovermode: "closest", bargap: 0 },
  };
}

/** One class alone does not fill the whole width. */
function beside(bins) {
  const [from, to] = [Number(bins[0].from_usdt), Number(bins.at(-1).to_usdt)];
  return bins.length > 3 ? {} : { range: [from - 2 * (to - from), to + 2 * (to - from)] };
}
