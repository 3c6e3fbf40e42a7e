// One actor in full, in the drawer, live; and its restart.

import { command, mayCommand } from "../../lib/commands.js";
import { confirmed, drawer } from "../../lib/dialogs.js";
import { figures, keep, make, put } from "../../lib/elements.js";
import { count, milliseconds, rounded, seconds, span, time, unknown } from "../../lib/numbers.js";
import { busyOn, perSecond, stateOf } from "./figures.js";
import { showEventsOf } from "./log.js";
import { purposeOf, restartText } from "./rooms.js";

const DISPATCH = {
  thread: ["its own thread", "It may wait for the disk or the network without holding up others"],
  pool: ["the pool", "A few threads shared by the many actors that never wait"],
};
const STRATEGIES = {
  one_for_one: "When a child fails, it alone is restarted",
  one_for_all: "When a child fails, all are restarted",
  rest_for_one: "When a child fails, it and those started after it are restarted",
};

let system = null;
let open = null;
/** `{address, parts}` of the actor in the drawer. */

export function showOpenActor(news) {
  system = news;
  update();
}

export function openActor(address) {
  const body = drawer(address, () => {
    open = null;
  });
  const parts = {
    purpose: make("p", { class: "purpose" }),
    restart: make("button", { type: "button", onclick: () => restart(address) }, "Restart"),
    figures: make("dl", { class: "figures plain" }),
    restarts: make("ol", { class: "points" }),
    error: make("p"),
    trace: make("pre", { class: "trace", tabindex: "0", "aria-label": "Trace of the last error" }),
    noTrace: make("p", { class: "empty" }, "No trace was kept with it."),
  };
  const events = make("button", { type: "button", onclick: () => showEventsOf(address) }, "Its events");
  parts.restart.hidden = !mayCommand() || parentOf(address) === "";
  body.append(
    parts.purpose,
    make("div", { class: "filters" }, parts.restart, events),
    section("Now and so far", parts.figures),
    section("Last restarts", parts.restarts),
    section("Last error", parts.error, parts.trace, parts.noTrace),
  );
  open = { address, parts };
  update();
}

const section = (title, ...nodes) => make("section", {}, make("h3", {}, title), ...nodes);
const parentOf = (address) => address.slice(0, Math.max(0, address.lastIndexOf("/")));

function update() {
  if (open === null || system === null) return;
  const { address, parts } = open;
  const actor = system.actors.find((one) => one.address === address);
  parts.restart.disabled = actor === undefined;
  if (actor === undefined) {
    put(parts.purpose, `There is no ${address} any more.`);
    return;
  }
  put(parts.purpose, purposeOf(actor));
  figures(parts.figures, all(actor));
  const restarts = [...actor.restarted_at].reverse();
  parts.restarts.parentNode.hidden = restarts.length === 0;
  keep(parts.restarts, restarts, (at) => at, () => make("li"), (node, at) => {
    put(node, `${time(at, true)}, ${span(seconds(at, system.at))} ago`);
  });
  const failed = actor.last_error !== null;
  put(
    parts.error,
    failed
      ? { text: `${time(actor.last_error_at, true)} ${actor.last_error}`, kind: "loss" }
      : { text: "None since the bot was started.", kind: "quiet" },
  );
  parts.trace.hidden = !actor.last_trace;
  parts.noTrace.hidden = !failed || Boolean(actor.last_trace);
  put(parts.trace, actor.last_trace ?? "");
}

function all(actor) {
  const [dispatch, why] = DISPATCH[actor.dispatch] ?? [actor.dispatch, ""];
  const waited = "no letter was timed yet";
  return [
    { name: "State", value: stateOf(actor) },
    {
      name: "Up since",
      value: actor.started_at === null ? unknown("it was never up") : { text: time(actor.started_at), title: actor.started_at },
      aside: actor.started_at === null ? "" : `for ${span(seconds(actor.started_at, system.at))}`,
    },
    {
      name: "Restarts",
      value: { ...count(actor.restarts), kind: actor.restarts ? "warn" : "" },
      aside: { text: `life ${actor.epoch}`, title: "A replaced life can no longer write or order anything" },
    },
    { name: "Busy on", value: busyOn(actor, system.at) },
    {
      name: "Waiting",
      title: "Letters in the mailbox",
      value: count(actor.depth),
      aside: `most ${rounded(actor.high_water, 0)}, room for ${rounded(actor.capacity, 0)}`,
    },
    { name: "Letters/s", value: perSecond(actor.per_second), aside: `${rounded(actor.handled, 0)} in all` },
    { name: "Wait p50", title: "Time in the mailbox", value: inMs(actor.wait_p50, waited) },
    { name: "Wait p99", title: "Time in the mailbox", value: inMs(actor.wait_p99, waited) },
    { name: "Work p50", title: "Time to deal with a letter", value: inMs(actor.work_p50, waited) },
    { name: "Work p99", title: "Time to deal with a letter", value: inMs(actor.work_p99, waited) },
    {
      name: "Replaced",
      title: "Letters that a newer one of their kind took the place of before they were read",
      value: count(actor.conflated),
    },
    {
      name: "Turned away",
      title: "Letters that found the mailbox full",
      value: { ...count(actor.rejected), kind: actor.rejected ? "warn" : "" },
    },
    {
      name: "Hung lives",
      title: "Replaced lives that have not let go of their thread",
      value: { ...count(actor.zombies), kind: actor.zombies ? "loss" : "" },
    },
    actor.kind === "supervisor"
      ? { name: "Supervises", value: { text: actor.strategy, title: STRATEGIES[actor.strategy] ?? "" }, aside: children(actor) }
      : { name: "Runs on", value: { text: dispatch, title: why } },
  ];
}

function inMs(value, reason) {
  const shown = milliseconds(value);
  return value === null ? unknown(reason) : { ...shown, text: `${shown.text} ms` };
}

function children(actor) {
  const own = system.actors.filter((one) => one.parent === actor.address);
  const up = own.filter((one) => one.state === "running").length;
  return `${rounded(up, 0)} of ${rounded(own.length, 0)} running`;
}

async function restart(address) {
  const actor = system.actors.find((one) => one.address === address);
  if (actor === undefined) return;
  if (!(await confirmed(`Restart ${address}?`, restartText(actor, system.actors), "Restart"))) return;
  await command(`system/${address}/restart`, `Restart ${address}`);
}
