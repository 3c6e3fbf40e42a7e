// Sending a command and saying what became of it.

import { ApiError, outcome, send } from "./api.js";
import { notice } from "./notices.js";

/** Viewers may look, not act. */
export const mayCommand = () => document.body.dataset.role !== "viewer";

/** Send, follow and tell; returns the outcome's status ("done", "refused"...), or null if unknown. */
export async function command(path, text) {
  const say = notice(`${text}: sending`);
  try {
    const accepted = await send("POST", path);
    say(`${text}: accepted`);
    const became = await outcome(accepted.command_id);
    if (became === null) {
      say(`${text}: accepted, and not finished yet. Look at the state.`);
      return null;
    }
    const detail = became.outcome ? `: ${became.outcome}` : "";
    say(`${text}: ${became.status}${detail}`, became.status === "refused" ? "loss" : "");
    return became.status;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(`${text}: ${error.message}`, "loss");
    return null;
  }
}
