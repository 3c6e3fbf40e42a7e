// One setting: its control, bounds, explanation, where its value comes from, and its reset.

import { make, put } from "../../lib/elements.js";
import { time } from "../../lib/numbers.js";
import { exact, nameOf, prose, shownText, typed } from "./words.js";

const LONG = ["pairs", "pair_amounts", "list", "map"];
const PLACEHOLDERS = { pairs: "BTC-USDT, ETH-USDT", pair_amounts: "BTC-USDT: 5000, ETH-USDT: 2000", duration: "30d, 12h, 5m" };

export function createField(one, edits) {
  const id = `field-${one.key}`;
  const control = createControl(one, id);
  const read = () => (one.kind === "boolean" ? String(control.checked) : exact(one, control.value.trim()));
  control.addEventListener(control.tagName === "SELECT" || one.kind === "boolean" ? "change" : "input", () => edits.set(one.key, read()));
  const reset = make("button", { type: "button", class: "small", onclick: () => edits.set(one.key, null) }, "Reset");
  const explained = Object.entries(one.choices_explained ?? {});
  const node = make(
    "div",
    { class: "field" },
    make("label", { for: id, title: one.key }, nameOf(one.key)),
    make("div", { class: "field-line" }, control, make("span", { class: "aside" }, one.shown_unit || one.unit), reset),
    make("p", { class: "wrong", id: `${id}-wrong`, role: "alert" }),
    make("p", { class: "theirs" }),
    make("p", { class: "about", id: `${id}-about` }, ...prose(one.description)),
    explained.length
      ? make("ul", { class: "points choices-explained" }, ...explained.map(([name, text]) => make("li", {}, make("b", {}, name), " ", ...prose(text))))
      : null,
    make("p", { class: "origin" }),
  );
  control.setAttribute("aria-describedby", `${id}-wrong ${id}-about`);
  return Object.assign(node, { control, reset });
}

function createControl(one, id) {
  if (one.kind === "choice") return make("select", { id }, ...one.choices.map((name) => make("option", { value: name }, name)));
  if (one.kind === "boolean") return make("input", { id, type: "checkbox" });
  const attributes = { id, autocomplete: "off", spellcheck: "false", placeholder: PLACEHOLDERS[one.kind] };
  if (LONG.includes(one.kind)) return make("textarea", { ...attributes, rows: "2" });
  const numeric = ["decimal", "integer", "number"].includes(one.kind);
  return make("input", { ...attributes, type: "text", inputmode: numeric ? "decimal" : undefined });
}

export function updateField(node, one, edits) {
  const edited = edits.values.has(one.key);
  const value = edits.values.get(one.key);
  const { control, reset } = node;
  node.toggleAttribute("data-edited", edited);
  // What a person types stays; a reset shows what it goes back to.
  if (!edited || value === null) write(control, one, value === null ? one.configured : one.effective);
  const wrong = edits.wrong.has(one.key) ? complaint(one, edits.wrong.get(one.key)) : "";
  put(node.querySelector(".wrong"), wrong);
  node.toggleAttribute("data-wrong", wrong !== "");
  control.setAttribute("aria-invalid", String(wrong !== ""));
  reset.hidden = one.override === null || value === null;
  reset.title = `Back to ${shownText(one, one.configured)}, as configured`;
  reset.setAttribute("aria-label", `Reset ${nameOf(one.key)}`);
  put(node.querySelector(".theirs"), theirs(one, edits, edited));
  put(node.querySelector(".origin"), { text: origin(one), title: one.right });
}

function write(control, one, value) {
  if (one.kind === "boolean") {
    control.checked = value === "true";
    return;
  }
  const text = typed(one, value);
  if (control.value !== text) control.value = text;
}

/** Messages name exact values; a person who types percent is told the bounds in percent. */
function complaint(one, text) {
  if (!one.percent || one.minimum === null) return text;
  return `This has to be a number ${bounds(one)}.`;
}

const bounds = (one) => `from ${typed(one, one.minimum)} to ${shownText(one, one.maximum)}`;

/** Somebody else changed it while this person typed. */
function theirs(one, edits, edited) {
  const last = one.last_change;
  if (!edited || !last || edits.basedOn === null || last.version <= edits.basedOn) return one.set_aside;
  return `${last.who} has set it to ${shownText(one, one.effective)} meanwhile.`;
}

function origin(one) {
  const words = [];
  if (one.override !== null) {
    const last = one.last_change;
    words.push(`Overridden${last ? ` by ${last.who} at ${time(last.at)}` : ""}${one.pending ? ", waits for the next cycle" : ""}.`);
    words.push(`Configured ${shownText(one, one.configured)} (${one.source}).`);
  } else {
    words.push(one.pending ? "Reset, from the next cycle." : `Configured (${one.source}).`);
  }
  if (one.configured !== one.default) words.push(`Default ${shownText(one, one.default)}.`);
  if (one.minimum !== null && one.maximum !== null) {
    words.push(`Possible ${bounds(one)}.`);
  }
  return words.join(" ");
}
