// What is held: every position, what it earned, what is next, and its life on a press.

import { byId } from "../lib/elements.js";
import { openLife, showLifeOf } from "../lib/life.js";
import { start } from "../lib/page.js";
import { Table } from "../lib/table.js";
import { COLUMNS, look } from "./positions/columns.js";
import { showSum } from "./positions/sum.js";

const EMPTY = "Nothing is held. Why, and how near the best pair is, stands on the overview.";
const table = new Table(byId("positions"), {
  columns: COLUMNS.map((one) => (one.name === "Pair" ? { ...one, press: (held) => openLife(held.position.id) } : one)),
  keyOf: (one) => one.position.id,
  sort: { by: "Pair", down: false },
  label: "Positions held",
  empty: "Loading…",
});

start({
  positions: (news) => {
    look(news.at);
    table.emptyText = EMPTY;
    table.show(news.positions);
    showSum(news.positions);
    showLifeOf(news.positions);
  },
});
