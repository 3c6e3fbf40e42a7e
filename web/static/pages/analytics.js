// The account's figures, each with its meaning and the samples behind it; by month and by pair.

import { byId, keep, make, put } from "../lib/elements.js";
import { percent, rounded, sign, span, time, unknown, usdt } from "../lib/numbers.js";
import { start } from "../lib/page.js";
import { showMonths } from "./analytics/months.js";
import { showPairs } from "./analytics/pairs.js";

const RESULTS = ["total_return", "apr", "expectancy_usdt", "average_win_usdt", "average_loss_usdt"];
const WRITE = {
  fraction: (one) => percent(one.value, 2, "", RESULTS.includes(one.key)),
  ratio: (one) => ({ text: rounded(one.value, 2), title: String(one.value) }),
  usdt: (one) => ({ ...usdt(one.value, { signed: true }), text: `${rounded(one.value, 2, true)} USDT`, kind: sign(one.value) }),
  hours: (one) => ({ text: span(3600 * one.value), title: `${one.value} hours` }),
  trades: (one) => ({ text: `${rounded(one.value, 0)} ${one.value === 1 ? "trade" : "trades"}` }),
};

start({ analytics: show });

function show(news) {
  const { analytics, figures, period } = news;
  byId("no-figures").hidden = figures.length > 0;
  put(byId("no-figures"), "There are no figures before the ledger has been read and the first equity point recorded.");
  put(byId("span"), analytics?.since ? `${time(analytics.since)} to ${time(analytics.until)}` : "");
  keep(byId("figures"), figures, (one) => one.key, create, (node, one) => update(node, one, period));
  showMonths(news.months);
  showPairs(analytics?.by_pair ?? [], news.pair_months);
}

function create(one) {
  return make(
    "div",
    {},
    make("dt", {}, one.name),
    make("dd", { class: "value" }),
    make("dd", { class: "meaning" }, one.meaning),
    make("dd", { class: "samples" }),
  );
}

function update(node, one, period) {
  const known = one.value != null;
  put(node.children[1], known ? (WRITE[one.unit] ?? WRITE.ratio)(one) : { ...unknown(one.reason), text: `n/a: ${one.reason}` });
  const of = one.samples_of === "periods" && period ? `periods of ${span(period)}` : one.samples_of;
  put(node.children[3], `from ${rounded(one.samples, 0)} ${one.samples === 1 ? of.replace(/s$/, "") : of}`);
}
