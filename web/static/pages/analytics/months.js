// What each calendar month brought.

import { Chart } from "../../lib/chart.js";
import { byId } from "../../lib/elements.js";
import { asNumber, percent, rounded, usdt } from "../../lib/numbers.js";
import { Table } from "../../lib/table.js";

const EMPTY = "No month has an equity point yet.";
const part = (name, figure, title) => ({
  name,
  title,
  show: (one) => usdt(one.gain[figure], { signed: true, reason: one.gain.unknown[figure] }),
  value: (one) => asNumber(one.gain[figure]),
});
const table = new Table(byId("months"), {
  label: "Results by month",
  keyOf: (one) => one.month,
  sort: { by: "Month", down: true },
  empty: EMPTY,
  columns: [
    {
      name: "Month",
      side: "left",
      show: (one) => ({ text: one.month + (one.is_partial ? " *" : ""), title: `${one.days} of ${one.days_in_month} days` }),
      value: (one) => one.month,
    },
    { name: "Days", title: "Days with at least one equity point", show: (one) => `${one.days} of ${one.days_in_month}`, value: (one) => one.days },
    { name: "Equity at its start", show: (one) => usdt(one.gain.start_equity_usdt, { reason: one.gain.unknown.start_equity_usdt }), value: (one) => asNumber(one.gain.start_equity_usdt) },
    {
      name: "Return",
      title: "Change of equity as a share of that at its start",
      show: (one) => percent(one.gain.net_fraction, 3, one.gain.unknown.net_fraction, true),
      value: (one) => asNumber(one.gain.net_fraction),
    },
    part("Net", "net_usdt", "Change of equity, USDT"),
    part("Funding", "funding_usdt", "Received less paid, USDT"),
    part("Price", "price_usdt", "Both legs, realised and not, USDT"),
    part("Fees", "fees_usdt", "Both legs, USDT"),
    part("Slippage", "slippage_usdt", "Inside Price, USDT"),
  ],
});
const chart = new Chart(byId("month-chart"), describe, EMPTY);
chart.node.classList.add("low");

export function showMonths(months) {
  table.show(months);
  chart.show(months.length ? months : null);
}

function describe(months, look) {
  const x = months.map((one) => one.month + (one.is_partial ? " *" : ""));
  const bar = (name, figure, color) => ({
    type: "bar", name, x, y: months.map((one) => asNumber(one.gain[figure])), marker: { color, opacity: 0.85 },
    hovertemplate: `${name} %{y:+,.2f} USDT<extra></extra>`,
  });
  const net = months.map((one) => asNumber(one.gain.net_usdt));
  return {
    summary: `Net by month: ${months.map((one, n) => `${x[n]} ${net[n] === null ? "unknown" : rounded(net[n], 2, true)}`).join(", ")} USDT.`,
    traces: [
      bar("Funding", "funding_usdt", look.gain),
      bar("Price", "price_usdt", look.soft),
      bar("Fees", "fees_usdt", look.loss),
      { x, y: net, name: "Net", mode: "markers", marker: { symbol: "line-ew", size: 22, line: { width: 3, color: look.ink } }, hovertemplate: "Net %{y:+,.2f} USDT<extra></extra>" },
    ],
    layout: {
      barmode: "relative", bargap: 0.35, showlegend: true, legend: { y: 1.12, x: 0 },
      xaxis: { type: "category" }, yaxis: { tickformat: "+,.0f", side: "right", nticks: 5 }, hovermode: "x unified",
    },
  };
}
