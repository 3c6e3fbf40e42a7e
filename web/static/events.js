// What happened, newest first.

import { byId, keep, make, put } from "./elements.js";
import { time } from "./numbers.js";

const SHOWN = 60;
let events = new Map();

export function forgetEvents() {
  events = new Map();
}

export function showEvents(news) {
  for (const one of news) events.set(one.seq, one.event);
  const newest = [...events].sort(([a], [b]) => b - a).slice(0, SHOWN);
  events = new Map(newest);
  byId("no-events").hidden = newest.length > 0;
  keep(byId("events"), newest, ([seq]) => seq, create, () => {});
}

function create([, event]) {
  const line = make("li", { "data-severity": event.severity });
  const head = [make("time", {}, time(event.at, true)), make("span", { class: "mark" }), make("span")];
  put(head[1], { text: event.severity === "info" ? "" : event.severity, kind: event.severity });
  put(head[2], { text: event.text, title: `${event.kind}, ${event.address}` });
  if (!event.detail) line.append(...head);
  else line.append(make("details", {}, make("summary", {}, ...head), make("pre", {}, event.detail)));
  return line;
}
