// Funding rates of all pairs: what each pays, what it would leave after costs, and what the bot does.

import { byId, put } from "../lib/elements.js";
import { span, time } from "../lib/numbers.js";
import { start } from "../lib/page.js";
import { Table } from "../lib/table.js";
import { COLUMNS, look } from "./rates/columns.js";
import { matcher, onFilter } from "./rates/filters.js";
import { loadHeat } from "./rates/heat.js";
import { followPair, openPair } from "./rates/pair.js";

const table = new Table(byId("rates"), {
  columns: COLUMNS.map((one) => (one.name === "Pair" ? { ...one, press: openPair } : one)),
  keyOf: (one) => one.pair_key,
  sort: { by: "Expected net", down: true },
  dress: (row, one) => {
    if (one.held) row.dataset.kind = "held";
    else delete row.dataset.kind;
  },
  label: "Funding rates of all pairs",
  empty: "Loading…",
  tall: true,
});
let known = 0;

onFilter(() => {
  table.filter(matcher());
  counted();
});
table.filter(matcher());

start({ funding_rates: show }, () => loadHeat(true));

function show(news) {
  look(news.at);
  known = news.rates.length;
  table.emptyText = "No pair has been scanned yet: the first cycle has not ended.";
  put(byId("as-of"), news.at ? `as of ${time(news.at)}` : "");
  const policy = news.policy ? `Judged by the policy “${news.policy}”` : "";
  const horizon = news.horizon_hours == null ? "" : `, expected over ${span(3600 * news.horizon_hours)}`;
  put(byId("horizon"), policy ? `${policy}${horizon}; costs are a full round trip of both legs. Held pairs are marked at the left.` : "");
  table.show(news.rates);
  counted();
  followPair(news.rates);
  loadHeat(false);
}

function counted() {
  put(byId("count"), table.shown.length === known ? `${known} pairs` : `${table.shown.length} of ${known} pairs`);
}
