// Letters that no actor could read, and sending one again.

import { get } from "../../lib/api.js";
import { command, mayCommand } from "../../lib/commands.js";
import { confirmed } from "../../lib/dialogs.js";
import { byId, keep, make, put } from "../../lib/elements.js";
import { rounded, time } from "../../lib/numbers.js";
import { openActor } from "./actor.js";

const PAGE = 50;

let most = PAGE;
let asking = null;

byId("more-letters").addEventListener("click", () => {
  most += PAGE;
  fetchLetters();
});

/** Ask for the newest; what is shown stays until the answer is there. */
export async function fetchLetters() {
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    draw(await get(`dead-letters?limit=${most}`, { signal: mine.signal }));
    put(byId("letters-problem"), "");
  } catch (error) {
    if (error.name === "AbortError") return;
    put(byId("letters-problem"), { text: `They could not be read: ${error.message}`, kind: "loss" });
    byId("no-letters").hidden = true;
  }
}

function draw({ letters, total }) {
  keep(byId("letters"), letters, (one) => one.id, row);
  put(byId("letters-aside"), total ? `${rounded(total, 0)} waiting` : "");
  put(byId("no-letters"), "None: every letter could be read.");
  byId("no-letters").hidden = letters.length > 0;
  byId("more-letters").hidden = total <= letters.length;
}

function row(letter) {
  const times = letter.attempts === 1 ? "1 attempt" : `${letter.attempts} attempts`;
  const head = make(
    "summary",
    {},
    make("time", { datetime: letter.at }, time(letter.at, true)),
    make("span", { class: "badge", "data-kind": "warn" }, times),
    make("b", {}, letter.address),
    " ",
    make("code", { title: letter.message }, letter.message),
  );
  const details = make(
    "details",
    {},
    head,
    make("pre", { tabindex: "0", "aria-label": "The letter" }, letter.message),
    letter.trace ? make("pre", { tabindex: "0", "aria-label": "Trace" }, letter.trace) : null,
  );
  const error = make("p", { "data-kind": "loss" }, letter.error);
  const actor = make("button", { type: "button", class: "small", onclick: () => openActor(letter.address) }, "The actor");
  const again = mayCommand()
    ? make("button", { type: "button", class: "small", onclick: (event) => resend(event, letter) }, "Send again")
    : null;
  const forget = mayCommand()
    ? make("button", { type: "button", class: "small", onclick: (event) => drop(event, letter) }, "Drop")
    : null;
  return make("li", {}, make("div", {}, details, error), make("div", { class: "filters" }, actor, again, forget));
}

async function resend(event, letter) {
  const text = [
    `${letter.message.length > 200 ? `${letter.message.slice(0, 200)}…` : letter.message}`,
    `It is handed to ${letter.address} as if it were new, though it is from ${time(letter.at, true)}: make sure that it still makes sense.`,
    "Whoever sent it was told of the failure and gets no second answer. If it cannot be read again, it comes back here.",
  ].join("\n");
  if (await confirmed(`Send letter ${letter.id} again?`, text, "Send again")) await tell(event.target, letter, "resend");
}

async function drop(event, letter) {
  const text = `What it asked of ${letter.address} is then never done. The event log keeps that it died.`;
  if (await confirmed(`Drop letter ${letter.id}?`, text, "Drop")) await tell(event.target, letter, "drop");
}

async function tell(pressed, letter, what) {
  pressed.disabled = true;
  await command(`dead-letters/${letter.id}/${what}`, `Letter ${letter.id} to ${letter.address}`);
  pressed.disabled = false;
  await fetchLetters();
}
