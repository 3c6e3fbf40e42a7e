// Equity: now, its change over the chosen period, and the curve with drawdown and trades.

import { get } from "../../lib/api.js";
import { Chart } from "../../lib/chart.js";
import { byId, choice, put } from "../../lib/elements.js";
import { percent, rounded, seconds, sign, span, time, unknown, usdt } from "../../lib/numbers.js";
import { DAYS, chosenPeriod, choosePeriod, PERIODS } from "./period.js";

const POINTS = 600;
const REDRAW_MS = 2000;

const chart = new Chart(byId("curve"), describe, "The curve begins with the second point.");
let points = [];
let newest = null;
let asked = 0;
let drawnAt = 0;

choice(byId("span"), "span", PERIODS, chosenPeriod(), (period) => {
  choosePeriod(period);
  load();
});

/** A new connection: nothing old stays. */
export function begin() {
  points = [];
  newest = null;
  put(byId("equity"), unknown("No equity is known yet."));
  chart.show(null);
  load();
}

export function showEquity(point) {
  newest = point;
  put(byId("equity"), { ...usdt(point.equity_usdt), text: `${rounded(point.equity_usdt, 2)} USDT` });
  if (!points.length || point.at <= points.at(-1).at) return;
  points.push(point);
  if (points.length > 3 * POINTS) load();
  else if (Date.now() - drawnAt > REDRAW_MS) draw();
}

/** The whole curve of the period; new points come one by one from then on. */
async function load() {
  const mine = (asked += 1);
  const days = DAYS[chosenPeriod()];
  const since = days && newest ? `&since=${encodeURIComponent(startOf(days, newest.at))}` : "";
  try {
    const answer = await get(`equity?points=${POINTS}${since}`);
    if (mine !== asked) return;
    points = answer.points;
    draw();
  } catch (error) {
    chart.show(null, error.message);
  }
}

/** Today begins at midnight UTC; the others go back whole days. */
function startOf(days, at) {
  const start = new Date(at);
  if (days === 1) start.setUTCHours(0, 0, 0, 0);
  else start.setTime(start.getTime() - days * 86_400_000);
  return start.toISOString();
}

function draw() {
  drawnAt = Date.now();
  if (points.length < 2) {
    put(byId("equity-aside"), "");
    chart.show(null);
    return;
  }
  const [first, last] = [points[0], points.at(-1)];
  const change = Number(last.equity_usdt) - Number(first.equity_usdt);
  const share = Number(first.equity_usdt) ? ` (${rounded((100 * change) / Number(first.equity_usdt), 2, true)}%)` : "";
  put(byId("equity-aside"), {
    text: `${rounded(change, 2, true)} USDT${share} since ${time(first.at)}, ${span(seconds(first.at, last.at))}`,
    kind: sign(change),
  });
  chart.show(points);
}

/** Equity less the highest before it. */
function drawdowns(values) {
  let peak = -Infinity;
  return values.map((value) => {
    peak = Math.max(peak, value);
    return { peak, depth: peak > 0 ? value / peak - 1 : 0 };
  });
}

function describe(shown, look) {
  const x = shown.map((point) => point.at);
  const y = shown.map((point) => Number(point.equity_usdt));
  const falls = drawdowns(y);
  const deepest = Math.min(...falls.map((one) => one.depth));
  put(byId("curve-note"), {
    text: `Shaded: below the highest so far, at most ${percent(deepest, 2).text}. Dotted: the start of the period. The axis does not begin at zero.`,
  });
  return {
    summary: `Equity from ${rounded(y[0], 2)} to ${rounded(y.at(-1), 2)} USDT; deepest drawdown ${percent(deepest, 2).text}.`,
    traces: [
      { x, y: falls.map((one) => one.peak), mode: "lines", line: { width: 0 }, hoverinfo: "skip" },
      {
        x, y, mode: "lines", name: "Equity", fill: "tonexty", fillcolor: look.lossWash,
        line: { color: look.accent, width: 1.6, shape: "linear" },
        customdata: falls.map((one) => one.depth * 100),
        hovertemplate: "%{y:,.2f} USDT, %{customdata:.2f}% from the top<extra></extra>",
      },
    ],
    layout: {
      shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: y[0], y1: y[0], line: { color: look.soft, width: 1, dash: "dot" } }],
      xaxis: { type: "date" },
      yaxis: { tickformat: ",.0f", nticks: 5, side: "right" },
      hovermode: "x",
    },
  };
}
