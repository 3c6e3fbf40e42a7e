// Equity: now, its change over the chosen period, and the curve with drawdown and trades.

import { get } from "../../lib/api.js";
import { Chart } from "../../lib/chart.js";
import { byId, choice, put } from "../../lib/elements.js";
import { percent, rounded, seconds, sign, span, time, unknown, usdt } from "../../lib/numbers.js";
import { chosenPeriod, choosePeriod, DAYS, PERIODS } from "./period.js";

const POINTS = 600;
const REDRAW_MS = 5000;
const LEAST_RANGE = 0.0002;
/** Of the equity: a quiet account's cents are not blown up to the height of the chart. */

const chart = new Chart(byId("curve"), describe, "The curve begins with the second point.");
let newest = null;
let loadedAt = 0;
let asked = 0;
let waiting = false;

choice(byId("span"), "span", PERIODS, chosenPeriod(), (period) => {
  choosePeriod(period);
  load();
});

/** A new connection: nothing old stays. */
export function begin() {
  newest = null;
  waiting = true;
  put(byId("equity"), unknown("No equity is known yet."));
  put(byId("equity-aside"), "");
  chart.show(null);
}

export function showEquity(point) {
  newest = point;
  put(byId("equity"), { ...usdt(point.equity_usdt), text: `${rounded(point.equity_usdt, 2)} USDT` });
  if (waiting || Date.now() - loadedAt > REDRAW_MS) load();
}

async function load() {
  if (newest === null) return;
  waiting = false;
  loadedAt = Date.now();
  const mine = (asked += 1);
  const days = DAYS[chosenPeriod()];
  const since = days === null ? "" : `&since=${encodeURIComponent(midnight(newest.at, days))}`;
  try {
    const answer = await get(`equity?points=${POINTS}${since}`);
    if (mine === asked) show(answer);
  } catch (error) {
    if (mine === asked) chart.show(null, error.message);
  }
}

/** Midnight UTC, so many days before that of `at`. */
function midnight(at, days) {
  const start = new Date(at);
  start.setUTCHours(0, 0, 0, 0);
  start.setUTCDate(start.getUTCDate() - days);
  return start.toISOString();
}

function show(equity) {
  const { points } = equity;
  if (points.length < 2) {
    put(byId("equity-aside"), "");
    chart.show(null, points.length ? undefined : "No equity was recorded in this period.");
    return;
  }
  const [first, last] = [points[0], points.at(-1)];
  const change = Number(last.equity_usdt) - Number(first.equity_usdt);
  const share = Number(first.equity_usdt) ? ` (${rounded((100 * change) / Number(first.equity_usdt), 3, true)}%)` : "";
  put(byId("equity-aside"), {
    text: `${rounded(change, 2, true)} USDT${share} since ${time(first.at)}, ${span(seconds(first.at, last.at))}`,
    kind: sign(change),
  });
  chart.show(equity);
}

function describe({ points, trades, deepest, reference, trades_left_out: leftOut }, look) {
  const x = points.map((point) => point.at);
  const y = points.map((point) => Number(point.equity_usdt));
  const peaks = points.map((point) => Number(point.equity_usdt) + Number(point.drawdown_usdt));
  const worst = deepest?.drawdown == null ? null : percent(-deepest.drawdown, 3).text;
  const begun = chosenPeriod() === "all" ? reference : points[0];
  const start = Number(begun.equity_usdt);
  put(byId("curve-note"), {
    text: [
      worst === null ? "" : `Red: below the highest equity so far, at most ${worst}.`,
      `Dotted: ${rounded(start, 2)} USDT, the start of ${chosenPeriod() === "all" ? "the ledger" : "the period"}.`,
      trades.length ? "▲ entry, ▼ exit of a pair." : "",
      leftOut ? `${leftOut} smaller trades are not marked.` : "",
      "The axis does not begin at zero.",
    ].filter(Boolean).join(" "),
  });
  const low = Math.min(start, ...y);
  const high = Math.max(start, ...peaks);
  const room = Math.max(high - low, LEAST_RANGE * Math.abs(high)) - (high - low);
  const edge = 0.06 * (high - low + room) + room / 2;
  return {
    summary:
      `Equity from ${rounded(y[0], 2)} to ${rounded(y.at(-1), 2)} USDT between ${time(x[0])} and ${time(x.at(-1))}` +
      `${worst === null ? "" : `; deepest drawdown ${worst}`}; ${trades.length} trades marked.`,
    traces: [
      { x, y: peaks, mode: "lines", line: { width: 0, shape: "linear" }, hoverinfo: "skip" },
      {
        x, y, mode: "lines", name: "Equity", fill: "tonexty", fillcolor: look.lossWash,
        line: { color: look.accent, width: 1.6, shape: "linear" },
        customdata: points.map((point) => percent(point.drawdown == null ? null : -point.drawdown, 3).text),
        hovertemplate: "%{y:,.2f} USDT<br>%{customdata} from the top<extra></extra>",
      },
      marks(trades, x, y, "entry_at", "triangle-up", look.accent, (one) => `entered ${one.pair_key}`),
      marks(trades, x, y, "exit_at", "triangle-down", look.warn, (one) => `left ${one.pair_key}, ${usdt(one.net_usdt, { signed: true }).text} USDT`),
    ],
    layout: {
      shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: start, y1: start, line: { color: look.soft, width: 1, dash: "dot" } }],
      xaxis: { type: "date", range: [x[0], x.at(-1)] },
      yaxis: { tickformat: high - low + room > 20 ? ",.0f" : ",.2f", nticks: 6, side: "right", range: [low - edge, high + edge] },
      hovermode: "closest",
    },
  };
}

/** Markers on the curve where trades began or ended. */
function marks(trades, x, y, when, symbol, color, say) {
  const shown = trades.filter((one) => one[when] && one[when] >= x[0] && one[when] <= x.at(-1));
  return {
    x: shown.map((one) => one[when]),
    y: shown.map((one) => heightAt(one[when], x, y)),
    mode: "markers",
    cliponaxis: false,
    marker: { symbol, size: 8, color },
    text: shown.map(say),
    hovertemplate: "%{text}<br>%{x|%Y-%m-%d %H:%M}<extra></extra>",
  };
}

/** The curve's height at a time, on the straight line between its neighbours. */
function heightAt(at, x, y) {
  const after = x.findIndex((one) => one >= at);
  if (after <= 0) return y[Math.max(after, 0)];
  const [from, to, now] = [x[after - 1], x[after], at].map(Date.parse);
  return y[after - 1] + ((y[after] - y[after - 1]) * (now - from)) / (to - from || 1);
}
