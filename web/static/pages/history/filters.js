// The filters; they stand in the page's address, so that a link or a reload shows the same.

import { byId, make } from "../../lib/elements.js";
import { get } from "../../lib/api.js";

const form = byId("filters");
const NAMES = ["pair_key", "since", "until", "result", "exit_reason"];
const listeners = [];
let timer = 0;

for (const [name, value] of new URLSearchParams(location.search)) {
  if (NAMES.includes(name)) form.elements[name].value = value;
}
link();

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(changed, 300);
});
form.addEventListener("reset", () => setTimeout(changed));
form.elements.pair_key.addEventListener("focus", offerPairs, { once: true });

export const onFilter = (listen) => listeners.push(listen);

/** Whether any filter is set. */
export const chosen = () => values().length > 0;

/** As the API wants it: `&pair_key=...`. Days are whole UTC days, the last one included. */
export function query() {
  const asked = values().map(([name, value]) => {
    if (name === "since") return [name, `${value}T00:00:00Z`];
    if (name === "until") return [name, new Date(Date.parse(`${value}T00:00:00Z`) + 86_400_000).toISOString()];
    if (name === "pair_key") return [name, value.toUpperCase()];
    return [name, value];
  });
  return asked.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
}

function values() {
  return NAMES.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value);
}

function changed() {
  const search = new URLSearchParams(values()).toString();
  history.replaceState(null, "", search ? `?${search}` : location.pathname);
  link();
  for (const listen of listeners) listen();
}

function link() {
  const filter = query();
  byId("csv").href = `/api/v1/trades.csv${filter ? `?${filter.slice(1)}` : ""}`;
}

async function offerPairs() {
  try {
    const { by_pair: known } = await get("trades/summary?points=2");
    const keys = known.map((one) => one.pair_key).sort();
    byId("pairs").replaceChildren(...keys.map((key) => make("option", { value: key })));
  } catch {
    // Only a help in typing.
  }
}
