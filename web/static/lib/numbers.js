// Figures for people: rounded, with sign and unit; the exact value is the title (shown on hover).
// Exact values are texts, since a JavaScript number could not hold all their digits.

const MINUS = "\u2212";
const formats = new Map();
const coins = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 5, signDisplay: "negative" });

/** What is not known, and why. */
export const unknown = (reason = "not known") => ({ text: "–", title: reason, kind: "unknown" });

/** A figure with `digits` decimals, grouped by thousands; `signed` shows a plus too. */
export function rounded(value, digits, signed = false) {
  const key = `${digits}${signed}`;
  if (!formats.has(key)) {
    const signDisplay = signed ? "exceptZero" : "negative";
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay };
    formats.set(key, new Intl.NumberFormat("en-US", options));
  }
  return formats.get(key).format(value).replace("-", MINUS);
}

/** What the sign of a result means. */
export const sign = (value) => (Number(value) > 0 ? "gain" : Number(value) < 0 ? "loss" : "");

/** USDT; `signed` for results, which are also coloured. */
export function usdt(value, { signed = false, reason } = {}) {
  if (value == null) return unknown(reason);
  return {
    text: rounded(value, 2, signed),
    title: `${value} USDT`,
    kind: signed ? sign(value) : "",
  };
}

/** A price with about six digits that count. */
export function price(value, reason) {
  if (value == null) return unknown(reason);
  const size = Math.abs(Number(value));
  const digits = size === 0 ? 2 : Math.min(12, Math.max(2, 5 - Math.floor(Math.log10(size))));
  return { text: rounded(value, size >= 1000 ? 2 : digits), title: `${value} USDT` };
}

/** A quantity of coins with at most five digits that count. */
export function quantity(value, coin, reason) {
  if (value == null) return unknown(reason);
  return { text: coins.format(value).replace("-", MINUS), title: `${value} ${coin}` };
}

/** A fraction as a percentage; `signed` for results, which are also coloured. */
export function percent(value, digits = 0, reason, signed = false) {
  if (value == null) return unknown(reason);
  return {
    text: `${rounded(Number(value) * 100, digits, signed)}%`,
    title: String(value),
    kind: signed ? sign(value) : "",
  };
}

/** How far something has been paid off: `64%`, from tenfold on `12.8×`. */
export function paidOff(value, reason) {
  const shown = percent(value, 0, reason);
  return value != null && Number(value) >= 10 ? { ...shown, text: `${rounded(value, 1)}×` } : shown;
}

/** A funding rate with its period: `+0.0120% / 8h`; positive = longs pay shorts, which is what we collect. */
export function rate(value, hours, reason = "no rate is known") {
  if (value == null) return unknown(reason);
  const period = hours == null ? "" : ` / ${hours}h`;
  return { text: `${rounded(Number(value) * 100, 4, true)}%${period}`, title: `${value}${period}`, kind: sign(value) };
}

/** A yearly rate, simple: `13.1% a year`. */
export function yearly(value, reason) {
  if (value == null) return unknown(reason);
  return { text: `${rounded(Number(value) * 100, 1, true)}% a year`, title: String(value), kind: sign(value) };
}

/** Basis points of a price or a notional; `signed` for results, which are also coloured. */
export function basisPoints(value, { signed = false, reason, digits = 1 } = {}) {
  if (value == null) return unknown(reason);
  return { text: `${rounded(value, digits, signed)} bp`, title: `${value} bp`, kind: signed ? sign(value) : "" };
}

/** Large money in short: `1.2 M`, `340 k`. */
export function shortUsdt(value, reason) {
  if (value == null) return unknown(reason);
  const size = Math.abs(Number(value));
  const [unit, name] = [[1e9, " B"], [1e6, " M"], [1e3, " k"]].find(([least]) => size >= least) ?? [1, ""];
  const figure = Number(value) / unit;
  return { text: rounded(figure, Math.abs(figure) < 10 && unit > 1 ? 1 : 0) + name, title: `${value} USDT` };
}

/** A whole number, grouped. */
export const count = (value, reason) => (value == null ? unknown(reason) : { text: rounded(value, 0) });

/** For sorting: a number, or null where nothing is known. */
export const asNumber = (value) => (value == null || Number.isNaN(Number(value)) ? null : Number(value));

/** Seconds as milliseconds, with two digits that count. */
export function milliseconds(seconds) {
  if (seconds == null) return unknown("no letter was timed yet");
  const ms = seconds * 1000;
  const least = ms > 0 && ms < 0.005 ? "<0.01" : null;
  return { text: least ?? rounded(ms, ms >= 10 ? 0 : ms >= 1 ? 1 : 2), title: `${ms} ms` };
}

/** Seconds in words: `2 d 4 h`, `3 min`. */
export function span(seconds) {
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  let left = Math.max(0, Math.round(seconds));
  const words = [];
  for (const [name, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0) words.push(`${count} ${name}`);
    left -= count * size;
    if (words.length === 2 || (words.length === 1 && count === 0)) break;
  }
  return words.join(" ") || "0 s";
}

/** `2025-03-01 12:00`, with seconds if wanted. */
export const time = (text, seconds = false) => text.slice(0, seconds ? 19 : 16).replace("T", " ");

/** Seconds from one time to another. */
export const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;
