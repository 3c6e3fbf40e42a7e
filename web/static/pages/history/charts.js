// Cumulative profit, and how results are distributed.

import { Chart } from "../../lib/chart.js";
import { byId } from "../../lib/elements.js";
import { rounded, time } from "../../lib/numbers.js";

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
    layout: { xaxis: { type: "date" }, yaxis: { tickformat: ",.0f", side: "right", rangemode: "tozero", nticks: 6 }, hovermode: "x" },
  };
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
    layout: { xaxis: { tickformat: "+,.0f" }, yaxis: { dtick: step, tickformat: ",d", side: "right", rangemode: "tozero" }, hovermode: "closest", bargap: 0 },
  };
}
