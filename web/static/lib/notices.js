// Short messages in the corner: what became of what a person did.

import { byId, make, put } from "./elements.js";

const SHOWN_MS = 12_000;

/** Show a line for a while; returns `say(text, kind)`, which changes it. */
export function notice(text, kind = "") {
  const line = make("p");
  let timer;
  const say = (words, meaning = "") => {
    put(line, { text: words, kind: meaning });
    clearTimeout(timer);
    timer = setTimeout(() => line.remove(), SHOWN_MS);
  };
  say(text, kind);
  byId("notices").append(line);
  return say;
}
