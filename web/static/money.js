// Equity with its curve, and where the result comes from.

import { byId, keep, make, put } from "./elements.js";
import { rounded, seconds, span, time, unknown, usdt } from "./numbers.js";

const POINTS = 400;
const SVG = "http://www.w3.org/2000/svg";
let points = [];

/** Ask for the whole curve; new points come one by one from then on. */
export async function loadCurve() {
  const answer = await fetch(`/api/v1/equity?points=${POINTS}`);
  if (!answer.ok) return;
  points = (await answer.json()).points;
  draw();
}

export function showEquity(point) {
  put(byId("equity"), { ...usdt(point.equity_usdt), text: `${rounded(point.equity_usdt, 2)} USDT` });
  const last = points.at(-1);
  if (!last) return;
  if (point.at > last.at) points.push(point);
  if (points.length > 3 * POINTS) loadCurve();
  else draw();
}

export function showNoEquity() {
  put(byId("equity"), unknown("No equity is known yet."));
  points = [];
  draw();
}

export function showPnl(pnl) {
  const lines = [
    ["Net", "net", "After every fee; closed and open trades."],
    ["Funding", "funding", "Received less paid."],
    ["Price", "price", "Price result of both legs together."],
    ["Fees", "fees", "Trading fees of both legs."],
    ["Slippage", "slippage", "Fills against the decisions' prices; already inside Price."],
  ];
  const why = pnl.problems.join("; ") || "not known";
  keep(
    byId("split"),
    lines,
    ([name]) => name,
    ([name, , title]) => make("div", {}, make("dt", { title }, name), make("dd"), make("dd", { class: "aside" })),
    (node, [, part]) => {
      put(node.children[1], usdt(sum(pnl.closed?.[part], pnl.open?.[part]), { signed: true, reason: why }));
      const open = usdt(pnl.open?.[part], { signed: true, reason: why });
      put(node.children[2], { ...open, text: `open ${open.text}`, kind: "" });
    },
  );
}

/** Two exact texts added in the smallest unit that either has; null if one is unknown. */
function sum(one, other) {
  if (one == null || other == null) return null;
  const digits = Math.max(...[one, other].map((text) => (text.split(".")[1] ?? "").length));
  const whole = (text) => {
    const [units, rest = ""] = text.split(".");
    return BigInt(units + rest.padEnd(digits, "0"));
  };
  const total = whole(one) + whole(other);
  const text = (total < 0n ? -total : total).toString().padStart(digits + 1, "0");
  const cut = text.length - digits;
  return `${total < 0n ? "-" : ""}${text.slice(0, cut)}${digits ? `.${text.slice(cut)}` : ""}`;
}

function draw() {
  const chart = byId("chart");
  if (points.length < 2) {
    chart.replaceChildren(make("p", { class: "empty" }, "The curve begins with the second point."));
    put(byId("equity-aside"), "");
    return;
  }
  const values = points.map((point) => Number(point.equity_usdt));
  const times = points.map((point) => Date.parse(point.at));
  const start = values[0];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const [width, height, edge] = [600, 120, 4];
  const x = (at) => ((at - times[0]) / (times.at(-1) - times[0] || 1)) * width;
  const y = (value) => edge + ((high - value) / (high - low || 1)) * (height - 2 * edge);
  const path = values.map((value, n) => `${x(times[n]).toFixed(1)},${y(value).toFixed(1)}`);

  const change = values.at(-1) - start;
  const text = `Equity from ${rounded(start, 2)} to ${rounded(values.at(-1), 2)} USDT`;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": text });
  svg.append(
    shape("polygon", { points: `0,${y(start)} ${path.join(" ")} ${width},${y(start)}`, class: "area" }),
    shape("line", { x1: 0, x2: width, y1: y(start), y2: y(start), class: "start" }),
    shape("polyline", { points: path.join(" "), class: "curve" }),
  );
  chart.replaceChildren(
    svg,
    make("span", { class: "high", title: "Highest" }, rounded(high, 2)),
    make("span", { class: "low", title: "Lowest" }, rounded(low, 2)),
  );
  const share = start ? ` (${rounded((change / start) * 100, 2, true)}%)` : "";
  put(byId("equity-aside"), {
    text: `${rounded(change, 2, true)} USDT${share} since ${time(points[0].at)}, ${span(seconds(points[0].at, points.at(-1).at))}`,
    kind: change > 0 ? "gain" : change < 0 ? "loss" : "",
  });
}

function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
