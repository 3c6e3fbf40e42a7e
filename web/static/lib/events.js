// What happened, newest first.

import { keep, make, put } from "./elements.js";
import { time } from "./numbers.js";

const KINDS = { warning: "warn", alarm: "loss" };

/** A list of the newest `most` events; `show(news)` folds more in, `forget()` begins again. */
export class EventList {
  constructor(list, none, most = 40) {
    Object.assign(this, { list, none, most, events: new Map() });
  }

  forget() {
    this.events = new Map();
  }

  show(news) {
    for (const one of news) this.events.set(one.seq, one.event);
    const newest = [...this.events].sort(([a], [b]) => b - a).slice(0, this.most);
    this.events = new Map(newest);
    this.none.hidden = newest.length > 0;
    keep(this.list, newest, ([seq]) => seq, ([, event]) => line(event));
  }
}

/** One event as a list item, with its detail folded. */
export function line(event) {
  const badge = make("span", { class: "badge" });
  const text = make("span");
  put(badge, { text: event.severity === "info" ? "" : event.severity, kind: KINDS[event.severity] });
  put(text, { text: event.text, title: `${event.kind}, ${event.address}` });
  const parts = [make("time", { datetime: event.at }, time(event.at, true)), badge, text];
  const node = make("li", { "data-severity": event.severity });
  if (!event.detail) node.append(...parts);
  else node.append(make("details", {}, make("summary", {}, ...parts), make("pre", {}, event.detail)));
  return node;
}
