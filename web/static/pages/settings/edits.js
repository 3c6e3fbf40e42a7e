// What a person has typed and not applied yet. It is checked as a whole, and no update wipes it.

import { ApiError, send } from "../../lib/api.js";
import { byId, keep, make, put } from "../../lib/elements.js";
import { notice } from "../../lib/notices.js";
import { nameOf, shownText } from "./words.js";

const CHECK_AFTER_MS = 350;

export class Edits {
  /** `changed` is called whenever what is shown of them may be different. */
  constructor(changed) {
    Object.assign(this, { changed, values: new Map(), wrong: new Map(), fields: new Map(), checked: null, state: "", asked: 0 });
    this.version = 0;
    this.basedOn = null;
  }

  get count() {
    return this.values.size;
  }

  /** The settings as they are now. */
  know(settings) {
    this.version = settings.version;
    this.fields = new Map(settings.fields.map((one) => [one.key, one]));
    for (const [key, value] of this.values) {
      if (!this.fields.has(key) || this.isSame(key, value)) this.values.delete(key);
    }
    if (!this.count) this.forget();
  }

  /** `value`: exact text, or null = back to what is configured. */
  set(key, value) {
    if (!this.count) this.basedOn = this.version;
    if (this.isSame(key, value)) this.values.delete(key);
    else this.values.set(key, value);
    this.wrong.delete(key);
    if (this.count) this.checkSoon();
    else this.forget();
    this.changed();
  }

  isSame(key, value) {
    const field = this.fields.get(key);
    return value === null ? field.override === null : value === field.effective;
  }

  discard() {
    this.values.clear();
    this.forget();
    this.changed();
  }

  forget() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.wrong.clear();
    Object.assign(this, { checked: null, state: "", basedOn: null });
  }

  checkSoon() {
    this.checked = null;
    this.state = "checking…";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHECK_AFTER_MS);
  }

  async check() {
    const mine = (this.asked += 1);
    try {
      const answer = await send("POST", `config/check?based_on=${this.basedOn}`, Object.fromEntries(this.values));
      if (mine !== this.asked) return;
      this.checked = answer;
      this.complain(answer.acceptable ? [] : Object.entries(answer.fields ?? {}), answer.acceptable ? "" : answer.message);
    } catch (error) {
      if (mine !== this.asked || !(error instanceof ApiError)) return;
      this.complain(pairs(error.fields), error.message);
    }
    this.changed();
  }

  async apply() {
    if (!this.checked?.acceptable) return;
    this.state = "applying…";
    this.changed();
    try {
      const done = await send("PATCH", `config?based_on=${this.basedOn}`, Object.fromEntries(this.values));
      const when = done.cycle == null ? done.in_force_from : `cycle ${done.cycle}`;
      notice(`Settings: ${done.changed.length} changed, in force from ${when} (version ${done.version}).`);
      this.values.clear();
      this.forget();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.complain(pairs(error.fields), error.message);
      if (error.code === "changed_meanwhile") this.basedOn = this.version;
      notice(`Settings: ${error.message}`, "loss");
    }
    this.changed();
  }

  complain(fields, message) {
    this.wrong = new Map(fields);
    const here = fields.filter(([key]) => this.fields.get(key)?.editable).length;
    const placed = here > 0 && here === fields.length;
    this.state = placed ? `${here === 1 ? "One setting is" : `${here} settings are`} not right yet: see above.` : message;
  }

  /** The bar that applies them. */
  show() {
    const bar = byId("apply");
    bar.hidden = this.count === 0;
    if (bar.hidden) return;
    const ready = this.checked?.acceptable === true;
    put(byId("apply-count"), this.count === 1 ? "1 change" : `${this.count} changes`);
    put(byId("apply-state"), { text: this.state || (ready ? "checked: it fits together" : ""), kind: this.wrong.size ? "loss" : "" });
    bar.toggleAttribute("data-wrong", this.wrong.size > 0);
    byId("save").disabled = !ready || this.state === "applying…";
    const lines = ready
      ? this.checked.outcome.map((one) => `${nameOf(one.key)}: ${this.text(one.key, one.before)} → ${this.text(one.key, one.after)}`)
      : [];
    keep(byId("apply-list"), lines, (text) => text, () => make("li"), put);
  }

  text(key, value) {
    const field = this.fields.get(key);
    return field ? shownText(field, value) : value;
  }
}

const pairs = (fields) => (Array.isArray(fields) ? fields.map((one) => [one.field ?? one.key, one.message]) : Object.entries(fields ?? {}));
