// The event log: what is new comes in at the top, and what one reads stays where it is.

import { get } from "../../lib/api.js";
import { byId, choice, keep, put } from "../../lib/elements.js";
import { line } from "../../lib/events.js";
import { rounded } from "../../lib/numbers.js";

const PAGE = 200;
const AFTER_TYPING = 250;
/** ms */
const SEVERITIES = [
  ["info", "All", ""],
  ["warning", "Warnings", "Warnings and alarms"],
  ["alarm", "Alarms", "Alarms only"],
];
const GRAVITY = SEVERITIES.map(([severity]) => severity);

const list = byId("events");
const search = byId("events-search");
const older = byId("older-events");
const unseen = byId("unseen-events");

let events = new Map();
/** By number; only those that match the filters, without a gap from the newest on. */
let severity = "info";
let text = "";
let ended = false;
/** Nothing older is kept. */
let waiting = 0;
/** How many came in above what is being read. */
let asking = null;
let typing = 0;

/** A new connection: whatever is known is old, and the newest come by themselves if none is left out. */
export function forgetEvents() {
  if (isFiltered()) ask();
  else forget();
}

export function showEvents(news) {
  const fresh = news.filter((one) => !events.has(one.seq) && matches(one.event));
  if (events.size === 0 && !isFiltered()) ended = news.length < PAGE;
  else if (isReading()) waiting += fresh.length;
  for (const one of fresh) events.set(one.seq, one.event);
  draw();
}

/** Look for one address, from elsewhere on the page. */
export function showEventsOf(address) {
  byId("drawer").close();
  search.value = text = address;
  ask();
  byId("events-card").scrollIntoView({ block: "start" });
  search.focus({ preventScroll: true });
}

choice(byId("events-severity"), "events-severity", SEVERITIES, severity, (chosen) => {
  severity = chosen;
  ask();
});
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    text = search.value.trim();
    ask();
  }, AFTER_TYPING);
});
older.addEventListener("click", () => ask(Math.min(...events.keys())));
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

const isFiltered = () => severity !== "info" || text !== "";
const isReading = () => list.scrollTop >= 4 || list.querySelector("details[open]") !== null;

function matches(event) {
  if (GRAVITY.indexOf(event.severity) < GRAVITY.indexOf(severity)) return false;
  const wanted = text.toLowerCase();
  return [event.text, event.kind, event.address, event.detail].some((one) => one.toLowerCase().includes(wanted));
}

function forget() {
  asking?.abort();
  older.disabled = false;
  events = new Map();
  waiting = 0;
  list.scrollTop = 0;
  draw();
}

/** Ask for a page of those that match: the newest, or those before a number. */
async function ask(before = null) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const query = new URLSearchParams({ limit: PAGE, severity });
  if (text) query.set("text", text);
  if (before !== null) query.set("before_seq", before);
  older.disabled = true;
  try {
    const { events: found } = await get(`events?${query}`, { signal: mine.signal });
    if (before === null) {
      const newest = found[0]?.seq ?? 0;
      const since = [...events].filter(([seq, event]) => seq > newest && matches(event));
      events = new Map(since);
      waiting = 0;
      list.scrollTop = 0;
    }
    for (const one of found) events.set(one.seq, one.event);
    ended = found.length < PAGE;
    put(byId("events-problem"), "");
    draw();
  } catch (error) {
    if (error.name === "AbortError") return;
    put(byId("events-problem"), { text: `The events could not be read: ${error.message}`, kind: "loss" });
  }
  older.disabled = false;
}

function draw() {
  const shown = [...events].sort(([a], [b]) => b - a);
  const held = isReading() ? inView() : null;
  const before = held && topOf(held);
  keep(list, shown, ([seq]) => seq, ([, event]) => line(event));
  if (held?.isConnected) list.scrollTop += topOf(held) - before;
  unseen.hidden = waiting === 0;
  put(unseen, `${rounded(waiting, 0)} new ↑`);
  put(byId("events-aside"), shown.length ? `${rounded(shown.length, 0)} read` : "");
  byId("no-events").hidden = shown.length > 0;
  put(byId("no-events"), isFiltered() ? "No event is like that." : "Nothing has happened yet.");
  older.hidden = ended || events.size === 0;
}

const topOf = (node) => node.getBoundingClientRect().top;

/** The first line that can be seen. */
function inView() {
  const top = topOf(list);
  return [...list.children].find((node) => node.getBoundingClientRect().bottom > top) ?? null;
}
