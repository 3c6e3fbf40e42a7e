// The event log: what is new comes in at the top, and what one reads stays where it is.

import { get } from "../../lib/api.js";
import { byId, choice, keep, make, put } from "../../lib/elements.js";
import { line } from "../../lib/events.js";
import { rounded } from "../../lib/numbers.js";

const PAGE = 200;
const SEVERITIES = [
  ["all", "All", ""],
  ["warning", "Warnings", "Warnings and alarms"],
  ["alarm", "Alarms", "Alarms only"],
];
const AT_LEAST = { all: ["info", "warning", "alarm"], warning: ["warning", "alarm"], alarm: ["alarm"] };

const list = byId("events");
const search = byId("events-search");
const older = byId("older-events");
const unseen = byId("unseen-events");

let events = new Map();
let severity = "all";
let ended = false;
/** Nothing older is kept. */
let waiting = 0;
/** How many came in above what is being read. */

export function forgetEvents() {
  events = new Map();
  ended = false;
  waiting = 0;
  draw();
}

export function showEvents(news) {
  const fresh = news.filter((one) => !events.has(one.seq));
  const first = events.size === 0;
  for (const one of fresh) events.set(one.seq, one.event);
  if (first) ended = news.length < PAGE;
  else if (reading()) waiting += fresh.filter(({ event }) => matches(event)).length;
  draw();
}

/** Look for one address, from elsewhere on the page. */
export function showEventsOf(address) {
  byId("drawer").close();
  search.value = address;
  refilter();
  byId("events-card").scrollIntoView({ block: "start" });
  search.focus({ preventScroll: true });
}

choice(byId("events-severity"), "events-severity", SEVERITIES, severity, (chosen) => {
  severity = chosen;
  refilter();
});
search.addEventListener("input", refilter);
older.addEventListener("click", loadOlder);
unseen.addEventListener("click", () => {
  list.scrollTop = 0;
  seen();
});
list.addEventListener("scroll", () => {
  if (list.scrollTop < 4) seen();
}, { passive: true });

function seen() {
  waiting = 0;
  unseen.hidden = true;
}

function refilter() {
  waiting = 0;
  draw();
  list.scrollTop = 0;
}

function matches(event) {
  const wanted = search.value.trim().toLowerCase();
  const text = `${event.text} ${event.kind} ${event.address} ${event.detail}`.toLowerCase();
  return AT_LEAST[severity].includes(event.severity) && text.includes(wanted);
}

const reading = () => list.scrollTop >= 4 || list.querySelector("details[open]") !== null;

function draw() {
  const shown = [...events].filter(([, event]) => matches(event)).sort(([a], [b]) => b - a);
  const held = reading() ? inView() : null;
  const before = held && topOf(held);
  keep(list, shown, ([seq]) => seq, ([, event]) => line(event));
  if (held?.isConnected) list.scrollTop += topOf(held) - before;
  unseen.hidden = waiting === 0;
  put(unseen, `${rounded(waiting, 0)} new ↑`);
  put(byId("events-aside"), shown.length === events.size ? `${rounded(shown.length, 0)} read` : `${rounded(shown.length, 0)} of ${rounded(events.size, 0)} read`);
  byId("no-events").hidden = shown.length > 0;
  put(byId("no-events"), events.size === 0 ? "Nothing has happened yet." : "None of those read is like that.");
  older.hidden = ended || events.size === 0;
}

const topOf = (node) => node.getBoundingClientRect().top;

/** The first line that can be seen. */
function inView() {
  const top = topOf(list);
  return [...list.children].find((node) => node.getBoundingClientRect().bottom > top) ?? null;
}

async function loadOlder() {
  older.disabled = true;
  put(byId("events-problem"), "");
  try {
    const { events: found } = await get(`events?limit=${PAGE}&before_seq=${Math.min(...events.keys())}`);
    for (const one of found) events.set(one.seq, one.event);
    ended = found.length < PAGE;
    draw();
  } catch (error) {
    put(byId("events-problem"), { text: error.message, kind: "loss" });
  } finally {
    older.disabled = false;
  }
}
