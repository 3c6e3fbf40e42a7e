// Which pairs are shown; kept by the tab.

import { byId, make } from "../../lib/elements.js";

const KEY = "perpcarry.rates";
const ACTIONS = [["", "all pairs"], ["held", "held"], ["enter", "enter"], ["blocked", "blocked"], ["exit", "exit"], ["stay out", "stay out"], ["none", "not judged"]];
const VOLUMES = [["0", "any"], ["1000000", "1 M"], ["10000000", "10 M"], ["100000000", "100 M"], ["1000000000", "1 B"]];

const form = byId("filters");
const listeners = [];
fill("action", ACTIONS);
fill("volume", VOLUMES);
restore();

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  const { search, action, volume, paying } = form.elements;
  const kept = { search: search.value, action: action.value, volume: volume.value, paying: paying.checked };
  sessionStorage.setItem(KEY, JSON.stringify(kept));
  for (const listen of listeners) listen();
});

export const onFilter = (listen) => listeners.push(listen);

/** Whether a pair is to be shown, by the filters as they are now. */
export function matcher() {
  const { search, action, volume, paying } = form.elements;
  const wanted = search.value.trim().toUpperCase();
  const least = Number(volume.value);
  return (one) =>
    (!wanted || one.pair_key.includes(wanted)) &&
    (!action.value || does(one, action.value)) &&
    (!least || Number(one.volume_24h_usdt ?? 0) >= least) &&
    (!paying.checked || Number(one.rate_8h ?? 0) > 0);
}

const does = (one, action) =>
  action === "held" ? one.held : action === "none" ? one.action == null : one.action === action;

function fill(name, options) {
  form.elements[name].append(...options.map(([value, text]) => make("option", { value }, text)));
}

function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    for (const name of ["search", "action", "volume"]) {
      if (kept[name]) form.elements[name].value = kept[name];
    }
    form.elements.paying.checked = kept.paying === true;
  } catch {
    sessionStorage.removeItem(KEY);
  }
}
