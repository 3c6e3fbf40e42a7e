// Settings in words for people: names, and percent where the exact value is a fraction.

import { make } from "../../lib/elements.js";

/** `trading.max_position_size_usd` is `Max position size usd`. */
export function nameOf(key) {
  const words = key.split(".").at(-1).replaceAll("_", " ").replace(/ usd$/, "").replace(/ bp$/, "");
  return words[0].toUpperCase() + words.slice(1);
}

/** As a person types it: the exact value, in percent where `field.percent`. */
export const typed = (field, value) => (field.percent && value !== "" ? shifted(value, 2) : value);

/** What a person typed as the exact value. */
export const exact = (field, text) => (field.percent && text !== "" ? shifted(text, -2) : text);

/** With its unit. */
export function shownText(field, value) {
  if (value === "") return "none";
  const unit = field.shown_unit || field.unit;
  return `${typed(field, value)}${unit.startsWith("%") ? unit : unit ? ` ${unit}` : ""}`;
}

/** A decimal text times ten to the `places`, digit by digit; a text that is no number stays as it is. */
export function shifted(text, places) {
  const parts = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*%?\s*$/.exec(text);
  if (!parts || !(parts[2] || parts[3])) return text;
  const [, sign, whole, rest = ""] = parts;
  const digits = whole + rest;
  const point = whole.length + places;
  const padded = point < 1 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  const units = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const fraction = padded.slice(at).replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${units}${fraction ? `.${fraction}` : ""}`;
}

/** A description as nodes: what stands in `backticks` is a name. */
export const prose = (text) => text.split("`").map((part, n) => (n % 2 ? make("code", {}, part) : part));
