// Closed trades: what a filter lets through, what it comes to, and each trade's life.

import { get } from "../lib/api.js";
import { byId, put } from "../lib/elements.js";
import { openLife } from "../lib/life.js";
import { start } from "../lib/page.js";
import { Table } from "../lib/table.js";
import { showCumulative, showDistribution } from "./history/charts.js";
import { PAIR_COLUMNS, TRADE_COLUMNS } from "./history/columns.js";
import { chosen, onFilter, query } from "./history/filters.js";
import { showSums } from "./history/sums.js";

const PAGE = 500;
const REFRESH_MS = 3000;
const NONE_YET = "No trade has been closed yet: positions that are held stand under Positions.";
const NONE_MATCHES = "No closed trade matches the filters.";

const trades = new Table(byId("trades"), {
  columns: TRADE_COLUMNS.map((one) => (one.name === "Pair" ? { ...one, press: (trade) => openLife(trade.position_id) } : one)),
  keyOf: (one) => one.position_id,
  sort: { by: "Closed", down: true },
  label: "Closed trades",
  empty: "Loading…",
  tall: true,
});
const pairs = new Table(byId("by-pair"), {
  columns: PAIR_COLUMNS,
  keyOf: (one) => one.pair_key,
  sort: { by: "Net", down: true },
  label: "Results by pair",
  empty: "Loading…",
});
let asked = 0;
let wanted = PAGE;
let timer = 0;
let loadedAt = 0;

onFilter(() => {
  wanted = PAGE;
  load();
});
byId("more").addEventListener("click", () => {
  wanted += PAGE;
  load();
});

start({ new_trades: loadSoon }, () => loadSoon());

/** New trades may come many a second at full speed. */
function loadSoon() {
  clearTimeout(timer);
  timer = setTimeout(load, Math.max(0, loadedAt + REFRESH_MS - Date.now()));
}

async function load() {
  const mine = (asked += 1);
  loadedAt = Date.now();
  const filter = query();
  let list;
  let summary;
  try {
    [list, summary] = await Promise.all([get(`trades?limit=${wanted}${filter}`), get(`trades/summary?points=400${filter}`)]);
  } catch (error) {
    if (mine === asked) complain(error.message);
    return;
  }
  if (mine !== asked) return;
  complain("");
  trades.emptyText = pairs.emptyText = chosen() ? NONE_MATCHES : NONE_YET;
  trades.show(list.trades);
  pairs.show(summary.by_pair);
  put(byId("shown"), list.trades.length < list.total ? `the newest ${list.trades.length} of ${list.total}` : "");
  byId("more").hidden = list.trades.length >= list.total;
  showSums(summary);
  showCumulative(summary.cumulative);
  showDistribution(summary.distribution);
  byId("trades").dataset.loaded = filter || "all";
}

function complain(text) {
  byId("problem").hidden = !text;
  put(byId("problem"), text);
}
