// The actors as a tree, or as a list sorted and filtered as one likes.

import { byId, choice, make, put } from "../../lib/elements.js";
import { count, milliseconds, rounded, seconds, span, time } from "../../lib/numbers.js";
import { Table } from "../../lib/table.js";
import { openActor } from "./actor.js";
import { busyOn, perSecond, stateOf } from "./figures.js";
import { flat, inOrder, lines, nameOf, troubled } from "./tree.js";

const WHICH = [
  ["all", "All", "The whole tree"],
  ["troubled", "Not well", "Not running, failed before, hung, or many letters waiting"],
  ["busy", "Busy", "Dealing with a letter right now"],
];
const MATCHES = {
  all: () => true,
  troubled,
  busy: (actor) => actor.busy_since !== null,
};

const opened = new Set();
let system = null;
let which = "all";
let search = "";

const quietZero = (value) => ({ text: rounded(value, 0), kind: value ? "" : "quiet" });

const latency = (field, name, title) => ({
  key: field,
  name,
  title,
  side: "right latency",
  show: ({ actor }) => milliseconds(actor[field]),
  value: ({ actor }) => actor[field],
});

const COLUMNS = [
  { name: "Actor", title: "In the order of the tree", side: "left name", fill: name, value: (line) => line.place },
  { name: "State", side: "left condition", fill: state, value: ({ actor }) => actor.state },
  {
    name: "Restarts",
    side: "right figure",
    show: ({ actor }) => quietZero(actor.restarts),
    value: ({ actor }) => actor.restarts,
  },
  {
    name: "Waiting",
    title: "Letters in the mailbox",
    side: "right figure",
    show: ({ actor }) => ({
      ...quietZero(actor.depth),
      title: `At most ${count(actor.high_water).text} so far, room for ${count(actor.capacity).text}`,
    }),
    value: ({ actor }) => actor.depth,
  },
  {
    name: "Letters/s",
    title: "Dealt with per second, just now",
    side: "right figure",
    show: ({ actor }) => ({ ...perSecond(actor.per_second), title: `${count(actor.handled).text} in all` }),
    value: ({ actor }) => actor.per_second,
  },
  latency("wait_p50", "Wait p50 ms", "Half of the letters waited at most so long in the mailbox"),
  latency("wait_p99", "Wait p99 ms", "99 of 100 letters waited at most so long in the mailbox"),
  latency("work_p50", "Work p50 ms", "Half of the letters were dealt with in at most so long"),
  latency("work_p99", "Work p99 ms", "99 of 100 letters were dealt with in at most so long"),
  {
    name: "Busy on",
    side: "left busy",
    show: ({ actor, crowd }) => {
      if (!crowd) return busyOn(actor, system.at);
      return actor.busy ? { text: `${rounded(actor.busy, 0)} of ${rounded(crowd.size, 0)}` } : { text: "idle", kind: "quiet" };
    },
  },
  {
    name: "Last error",
    side: "left error",
    show: ({ actor }) =>
      actor.last_error === null
        ? { text: "none", kind: "quiet" }
        : {
            text: `${span(seconds(actor.last_error_at, system.at))} ago: ${actor.last_error}`,
            title: `${time(actor.last_error_at, true)} ${actor.last_error}`,
          },
    value: ({ actor }) => actor.last_error_at,
  },
];

/** The tree while it is in its own order and nothing is left out; else one list. */
class ActorTable extends Table {
  arrange() {
    if (system !== null) {
      const inTree = this.sort.by === "Actor" && !this.sort.down && which === "all" && search === "";
      this.items = inTree ? lines(system.actors, opened) : flat(system.actors.filter(matches));
    }
    super.arrange();
  }
}

function matches(actor) {
  return MATCHES[which](actor) && actor.address.toLowerCase().includes(search);
}

const table = new ActorTable(byId("actors"), {
  label: "Actors",
  columns: COLUMNS,
  keyOf: (line) => line.key,
  sort: { by: "Actor", down: false },
  tall: true,
  empty: "Waiting for the first look…",
  dress: (row, { actor, crowd }) => {
    row.dataset.of = crowd ? "crowd" : actor.kind;
  },
});
table.arrange();

choice(byId("actors-which"), "actors-which", WHICH, which, (chosen) => {
  which = chosen;
  refilter();
});
byId("actors-search").addEventListener("input", (event) => {
  search = event.target.value.trim().toLowerCase();
  refilter();
});

function refilter() {
  table.scroll.scrollTop = 0;
  table.say("No actor is like that.");
}

export function showActors(news) {
  system = { ...news, actors: inOrder(news.actors) };
  const up = system.actors.filter((one) => one.state === "running").length;
  put(byId("actors-aside"), `${rounded(up, 0)} of ${rounded(system.actors.length, 0)} running`);
  table.arrange();
}

function name(cell, line) {
  const { actor, level, crowd } = line;
  if (!cell.firstChild) cell.append(crowd ? crowdButton(crowd.parent) : actorButton(actor));
  cell.firstChild.dataset.level = Math.min(level, 5);
  const button = cell.firstChild.querySelector("button");
  if (crowd) {
    put(button, `${rounded(crowd.size, 0)} alike`);
    button.setAttribute("aria-expanded", String(crowd.open));
  } else {
    put(button, { text: level ? nameOf(actor.address) : actor.address, title: actor.address });
  }
}

function actorButton(actor) {
  const press = () => openActor(actor.address);
  return make("span", { class: "branch" }, make("button", { type: "button", class: "text", onclick: press }));
}

function crowdButton(parent) {
  const press = () => {
    if (!opened.delete(parent)) opened.add(parent);
    table.arrange();
  };
  const title = "Running, without errors, few letters waiting; sums, and the slowest of them";
  return make(
    "span",
    { class: "branch" },
    make("button", { type: "button", class: "text fold", title, onclick: press }),
  );
}

function state(cell, { actor }) {
  if (!cell.firstChild) cell.append(make("span"));
  const shown = stateOf(actor);
  cell.firstChild.className = shown.kind ? "badge" : "";
  put(cell.firstChild, shown);
}
