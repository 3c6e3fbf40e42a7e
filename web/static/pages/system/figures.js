// Figures of an actor that the table and the drawer both show.

import { rounded, seconds, span, time, unknown } from "../../lib/numbers.js";

const KINDS = { abandoned: "loss", restarting: "warn", stopping: "warn", starting: "warn", new: "warn", stopped: "quiet" };

/** `{text, title, kind}` of a state. */
export const stateOf = (actor) => ({ text: actor.state, kind: KINDS[actor.state] ?? "" });

let pace = 1;
/** How many seconds of the bot's clock one real second has; null = not known. */

export function showPace({ mode }) {
  pace = mode.mode === "replay" ? mode.speed : 1;
}

/** Seconds of the bot's clock as real ones; null where a replay runs as fast as it can. */
export const realSeconds = (span) => (pace ? span / pace : null);

/** What it is dealing with, and for how long really; `at` is the system's time. */
export function busyOn(actor, at) {
  if (actor.busy_since === null) return { text: "idle", kind: "quiet" };
  const lasting = realSeconds(seconds(actor.busy_since, at)) ?? 0;
  return {
    text: lasting < 1 ? actor.busy_on : `${actor.busy_on} ${span(lasting)}`,
    title: `Dealing with ${actor.busy_on} since ${time(actor.busy_since, true)}`,
  };
}

/** Letters dealt with per second, just now. */
export function perSecond(value) {
  if (value == null) return unknown("measured from the second look on");
  const kind = value === 0 ? "quiet" : "";
  return { text: rounded(value, value > 0 && value < 10 ? 1 : 0), kind };
}
