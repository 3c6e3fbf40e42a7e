// The supervision tree.

import { byId, head, make, put, rows } from "./elements.js";
import { milliseconds, rounded, span, seconds, time, unknown } from "./numbers.js";

const CROWD = 12;
const opened = new Set();
let last = null;
let handled = new Map();

const figure = (value) => ({ text: rounded(value, 0), kind: value ? "" : "quiet" });

const COLUMNS = [
  { name: "Actor", side: "left", fill: name },
  {
    name: "State",
    side: "left",
    show: (one) => ({ text: one.state, kind: `actor-${one.state}`, title: one.detail ?? "" }),
  },
  { name: "Restarts", show: (one) => figure(one.restarts) },
  {
    name: "Waiting",
    title: "Letters in the mailbox; the most there ever were on hover",
    show: (one) => ({ ...figure(one.depth), title: `most: ${one.high_water}, room for ${one.capacity}` }),
  },
  {
    name: "Letters/s",
    title: "Dealt with per second, just now",
    show: (one) =>
      one.rate == null
        ? unknown("measured from the second look on")
        : { text: rounded(one.rate, one.rate < 10 ? 1 : 0), title: `${one.handled} in all`, kind: one.rate ? "" : "quiet" },
  },
  { name: "Wait p50", title: "Time in the mailbox, ms", show: (one) => milliseconds(one.wait_p50) },
  { name: "p99", title: "Time in the mailbox, ms", show: (one) => milliseconds(one.wait_p99) },
  { name: "Work p50", title: "Time to deal with a letter, ms", show: (one) => milliseconds(one.work_p50) },
  { name: "p99", title: "Time to deal with a letter, ms", show: (one) => milliseconds(one.work_p99) },
  { name: "Busy on", side: "left", show: busy },
  {
    name: "Last error",
    side: "left long",
    show: (one) =>
      one.last_error
        ? { text: `${time(one.last_error_at, true)} ${one.last_error}`, title: one.last_trace ?? "" }
        : { text: "none", kind: "quiet" },
  },
];

export function showSystem(system) {
  if (!byId("system-head").children.length) head(byId("system-head"), COLUMNS);
  const now = performance.now();
  const before = handled;
  handled = new Map(system.actors.map((one) => [one.address, { count: one.handled, now }]));
  const actors = system.actors.map((one) => {
    const past = before.get(one.address);
    const rate = past && now > past.now ? (1000 * (one.handled - past.count)) / (now - past.now) : null;
    return { ...one, rate: rate === null ? null : Math.max(0, rate), at: system.at };
  });
  last = actors;
  const up = actors.filter((one) => one.state === "running").length;
  put(byId("system-aside"), `${up} of ${actors.length} up`);
  draw();
}

/** As many alike as would hide the rest are shown as one line, which opens. */
function draw() {
  const shown = [];
  const crowds = new Map();
  for (const one of last) {
    if (one.kind === "actor" && calm(one)) {
      crowds.set(one.parent, [...(crowds.get(one.parent) ?? []), one]);
    }
  }
  for (const one of last) {
    const crowd = crowds.get(one.parent);
    const folded = crowd?.length > CROWD && !opened.has(one.parent) && crowd.includes(one);
    if (!folded) shown.push(one);
    const own = crowds.get(one.address);
    if (own?.length > CROWD) {
      one.crowd = own.length;
      if (!opened.has(one.address)) shown.push(together(one, own));
    }
  }
  rows(byId("system"), shown, (one) => one.address, COLUMNS, (row, one) => {
    row.className = one.kind;
  });
}

const calm = (one) => one.state === "running" && !one.last_error && one.depth < 100;

function together(parent, crowd) {
  const total = (name) => crowd.reduce((sum, one) => sum + (one[name] ?? 0), 0);
  const worst = (name) => {
    const known = crowd.map((one) => one[name]).filter((value) => value != null);
    return known.length ? Math.max(...known) : null;
  };
  return {
    ...crowd[0],
    address: `${parent.address}/…`,
    label: `${crowd.length} alike`,
    restarts: total("restarts"),
    depth: total("depth"),
    high_water: worst("high_water"),
    handled: total("handled"),
    rate: total("rate"),
    wait_p50: worst("wait_p50"),
    wait_p99: worst("wait_p99"),
    work_p50: worst("work_p50"),
    work_p99: worst("work_p99"),
    busy_on: null,
    busy_since: null,
    detail: "Sums, and the slowest of them",
  };
}

function name(cell, one) {
  const parts = one.address.split("/");
  cell.dataset.depth = Math.min(parts.length - 1, 4);
  if (!cell.firstChild) cell.append(make("span"));
  put(cell.firstChild, { text: one.label ?? parts.at(-1), title: `${one.address}, ${one.strategy ?? one.dispatch}` });
  if (one.crowd && !cell.children[1]) {
    const toggle = () => {
      opened.delete(one.address) || opened.add(one.address);
      draw();
    };
    cell.append(make("button", { type: "button", class: "small", onclick: toggle }));
  }
  if (cell.children[1]) {
    const open = opened.has(one.address);
    put(cell.children[1], open ? "fold" : "show all");
    cell.children[1].setAttribute("aria-expanded", String(open));
    cell.children[1].hidden = !one.crowd;
  }
}

function busy(one) {
  if (!one.busy_since) return { text: "idle", kind: "quiet" };
  return {
    text: `${one.busy_on} ${span(seconds(one.busy_since, one.at))}`,
    title: `since ${time(one.busy_since, true)}`,
  };
}
