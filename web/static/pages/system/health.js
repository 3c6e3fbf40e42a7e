// How the process, the store and the venues fare, and what runs.

import { byId, figures, keep, make, put } from "../../lib/elements.js";
import { count, milliseconds, percent, rounded, seconds, span, time, unknown } from "../../lib/numbers.js";
import { realSeconds } from "./figures.js";

const SILENT = { text: "not known", kind: "quiet" };

/** A card each: what stands in its head, its figures, and what went wrong. */
export function showHealth(system) {
  const cards = [process(system), store(system), ...venues(system)];
  keep(byId("health"), cards, (card) => card.name, create, update);
}

function create(card) {
  const title = make("h2", {}, card.name);
  return make(
    "section",
    { class: "card", "aria-label": card.name },
    make("div", { class: "card-head" }, title, make("span", { class: "badge" })),
    make("dl", { class: "figures plain" }),
    make("p", { class: "note" }),
  );
}

function update(node, card) {
  const [head, list, note] = node.children;
  put(head.children[1], card.condition ?? "");
  figures(list, card.figures);
  put(note, card.note ?? "");
  note.hidden = !card.note;
}

function process({ process: use, versions }) {
  const name = "Process and versions";
  const note = { text: Object.entries(versions ?? {}).map((one) => one.join(" ")).join(" · "), kind: "quiet" };
  if (!use) return { name, condition: SILENT, figures: [], note };
  return {
    name,
    note,
    figures: [
      { name: "Up for", title: "Real time, whatever clock the bot lives by", value: { text: span(use.up_seconds) } },
      { name: "Memory", value: bytes(use.memory_bytes) },
      {
        name: "Processor",
        title: "Of one core, lately; more than 100% where several are at work",
        value: percent(use.cpu_share, 0, "measured from the second look on"),
      },
      { name: "Threads", value: count(use.threads) },
    ],
  };
}

function store({ store: health, store_problem: problem }) {
  const trouble = problem ? { text: problem, kind: "loss" } : null;
  const unread = trouble ? { text: "does not answer", kind: "loss" } : SILENT;
  if (!health) return { name: "Store", condition: unread, figures: [], note: trouble };
  const failing = health.failures_in_a_row > 0;
  return {
    name: "Store",
    condition: failing
      ? { text: `${times(health.failures_in_a_row)} not written`, kind: "loss" }
      : trouble
        ? unread
        : { text: "writes", kind: "gain" },
    figures: [
      { name: "Database", value: { text: health.kind } },
      { name: "Size", value: bytes(health.size_bytes) },
      { name: "Written", title: "Transactions since it was opened", value: count(health.writes) },
      { name: "Schema", title: "Which form its tables have", value: { text: health.schema_revision } },
      { name: "Where", value: { text: nameOf(health.where), title: health.where } },
    ],
    note: trouble ?? (health.last_failure && { text: `Last failure: ${health.last_failure}`, kind: failing ? "loss" : "quiet" }),
  };
}

const venues = ({ venues: all = [], at }) => all.map((one) => venue(one, at));

function venue(health, at) {
  const failing = health.failures_in_a_row > 0;
  const ago = (then) => {
    const real = realSeconds(seconds(then, at));
    return real === null ? time(then) : `${span(real)} ago`;
  };
  const condition = failing
    ? { text: `${times(health.failures_in_a_row)} no answer`, kind: "loss" }
    : health.answers === 0
      ? { text: "not asked yet", kind: "quiet" }
      : { text: "answers", kind: "gain" };
  const none = "it has not answered yet";
  const took = (value) => {
    if (value === null) return unknown(none);
    const real = realSeconds(value);
    if (real === null) return unknown("the replay runs as fast as it can");
    return { ...milliseconds(real), text: `${milliseconds(real).text} ms` };
  };
  return {
    name: `Venue ${health.venue}`,
    condition,
    figures: [
      {
        name: "Last answer",
        value:
          health.last_answer_at === null
            ? unknown(none)
            : { text: ago(health.last_answer_at), title: time(health.last_answer_at, true) },
      },
      { name: "Answers", title: "Since the gateway was started", value: count(health.answers) },
      { name: "Answer p50", title: "Half of the answers took at most so long", value: took(health.answer_p50) },
      { name: "Answer p99", title: "99 of 100 answers took at most so long", value: took(health.answer_p99) },
      {
        name: "Under way",
        title: "Calls that have no answer yet",
        value: count(health.out),
        aside: health.waiting ? `${rounded(health.waiting, 0)} wait to be sent` : "",
      },
    ],
    note: health.last_failure && {
      text: `Last failure, ${ago(health.last_failure_at)}: ${health.last_failure}`,
      kind: failing ? "loss" : "quiet",
    },
  };
}

const times = (number) => (number === 1 ? "once" : `${rounded(number, 0)} times`);
const nameOf = (where) => where.slice(where.lastIndexOf("/") + 1);

function bytes(value) {
  if (value == null) return unknown();
  const [unit, name] = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]].find(([least]) => value >= least) ?? [1, "B"];
  return { text: `${rounded(value / unit, value / unit < 10 && unit > 1 ? 1 : 0)} ${name}`, title: `${value} bytes` };
}
