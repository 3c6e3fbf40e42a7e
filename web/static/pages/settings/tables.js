// Settings that only a start can change, and the record of changes.

import { byId } from "../../lib/elements.js";
import { time } from "../../lib/numbers.js";
import { Table } from "../../lib/table.js";
import { shownText } from "./words.js";

const fixed = new Table(byId("fixed"), {
  label: "Settings of the start",
  keyOf: (one) => one.key,
  columns: [
    { name: "Setting", side: "left", show: (one) => ({ text: one.key, title: one.right }), value: (one) => one.key },
    {
      name: "Value",
      side: "left long",
      show: (one) => (one.kind === "secret" ? { text: one.effective ? "set, never shown" : "not set", kind: "quiet" } : quiet(shownText(one, one.effective))),
    },
    { name: "Default", side: "left", show: (one) => (one.kind === "secret" ? "" : quiet(shownText(one, one.default))) },
    { name: "Comes from", side: "left", show: (one) => one.source, value: (one) => one.source },
    { name: "Variable", side: "left", show: (one) => one.variable },
    { name: "What it is", side: "left long", show: (one) => ({ text: one.description, title: one.description }) },
  ],
});
let fields = new Map();
const changes = new Table(byId("changes"), {
  label: "Changes of settings",
  keyOf: (one) => `${one.version} ${one.key}`,
  empty: "Nothing was changed while it ran: everything is as configured.",
  columns: [
    { name: "At", side: "left", show: (one) => time(one.at, true), value: (one) => one.at },
    { name: "Who", side: "left", show: (one) => one.who, value: (one) => one.who },
    { name: "Setting", side: "left", show: (one) => one.key, value: (one) => one.key },
    { name: "Before", side: "left long", show: (one) => text(one.key, one.before) },
    { name: "After", side: "left long", show: (one) => text(one.key, one.after) },
    { name: "Version", show: (one) => String(one.version), value: (one) => one.version },
    { name: "In force from", side: "left", show: (one) => (one.cycle == null ? { text: "waits, or not on record", kind: "quiet" } : `cycle ${one.cycle}`), value: (one) => one.cycle },
  ],
});

export const showFixed = (list) => fixed.show(list);

export function showChanges(history, known) {
  fields = new Map(known.map((one) => [one.key, one]));
  changes.show(history);
}

function text(key, value) {
  if (value === null) return { text: "as configured", kind: "quiet" };
  const field = fields.get(key);
  const shown = field ? shownText(field, value) : value;
  return { text: shown, title: shown };
}

const quiet = (shown) => (shown === "none" ? { text: "not set", kind: "quiet" } : { text: shown, title: shown });
