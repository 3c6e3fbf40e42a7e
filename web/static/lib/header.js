// State, mode, cycle and alarms, on every page.

import { byId, keep, make, put } from "./elements.js";
import { milliseconds, span, time } from "./numbers.js";

const MEANING = {
  stopped: "Holds nothing new: no cycle runs until it is started.",
  starting: "Comparing the ledger with the venue; no entries yet.",
  running: "Scans, enters and leaves positions by itself.",
  paused: "Keeps and watches its positions; enters none.",
  stopping: "Closing every position.",
  halted: "After an emergency stop: nothing happens until a person clears it.",
};
const title = document.title;

// On a phone the navigation is wider than the screen: this page's name is in view, and what has the focus.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelector("nav")?.addEventListener("focusin", (event) => {
  event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

export function showStatus(status) {
  const state = status.bot?.state ?? "unknown";
  const node = byId("state");
  node.dataset.state = state;
  const reason = status.bot?.reason ? ` ${status.bot.reason}` : "";
  put(node, { text: state, title: (MEANING[state] ?? "The bot has not spoken yet.") + reason });
  byId("mode").dataset.mode = status.mode.mode;
  put(byId("mode"), mode(status));
  put(byId("cycle"), cycle(status));
  keep(byId("alarms"), status.alarms, (text) => text, () => make("li"), put);
  document.title = `${status.alarms.length ? "! " : ""}${state} – ${title}`;
}

function mode({ mode, at }) {
  const name = mode.mode.toUpperCase();
  const network = mode.network ? ` (${mode.network})` : "";
  if (mode.mode !== "replay") return { text: `${name} ${mode.venue}${network}` };
  const speed = mode.speed === null ? "full speed" : `×${mode.speed}`;
  const until = mode.span_until ? `, until ${time(mode.span_until)}` : "";
  return {
    text: `${name} ${time(at)} ${speed}`,
    title: `Recorded market of ${mode.venue}${until}; no real money.`,
  };
}

function cycle({ bot, last_cycle: last, at }) {
  if (!bot) return "";
  if (!last) return { text: "no cycle yet" };
  const age = span((Date.parse(at) - Date.parse(last.ended_at)) / 1000);
  const next = bot.next_cycle_at ? `, next ${time(bot.next_cycle_at).slice(11)}` : "";
  return {
    text: `cycle ${last.cycle}, ${age} ago${next}`,
    title: `It took ${milliseconds(last.duration).text} ms and ended at ${time(last.ended_at, true)}.`,
  };
}
