// The settings: a form for those that can change while the bot runs, the others to read, the record.

import { mayCommand } from "../lib/commands.js";
import { byId, keep, make, put } from "../lib/elements.js";
import { time } from "../lib/numbers.js";
import { start } from "../lib/page.js";
import { Edits } from "./settings/edits.js";
import { createField, updateField } from "./settings/field.js";
import { showChanges, showFixed } from "./settings/tables.js";
import { prose } from "./settings/words.js";

const edits = new Edits(() => draw());
let settings = null;

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  edits.apply();
});
byId("discard").addEventListener("click", () => edits.discard());
window.addEventListener("beforeunload", (event) => {
  if (edits.count) event.preventDefault();
});

start({
  config: (news) => {
    settings = news.settings;
    if (settings) edits.know(settings);
    draw();
  },
});

function draw() {
  byId("no-settings").hidden = settings !== null;
  put(byId("no-settings"), "The settings are not known yet: the config actor has not spoken.");
  byId("form").hidden = settings === null;
  if (settings === null) return;
  put(byId("version"), versionText());
  const editable = settings.fields.filter((one) => one.editable);
  const sections = settings.sections.filter((one) => editable.some((field) => field.section === one.name));
  keep(byId("form"), sections, (one) => one.name, createSection, (node, section) => {
    const fields = editable.filter((one) => one.section === section.name);
    keep(node.lastChild, fields, (one) => one.key, (one) => createField(one, edits), (field, one) => updateField(field, one, edits));
  });
  byId("form").inert = !mayCommand();
  showFixed(settings.fields.filter((one) => !one.editable));
  showChanges(settings.history, settings.fields);
  edits.show();
}

function createSection(section) {
  return make(
    "section",
    { class: "card", "aria-label": section.name },
    make("h2", {}, section.name, " ", make("span", { class: "aside" }, ...prose(section.description))),
    make("div", { class: "fields" }),
  );
}

function versionText() {
  const inForce = settings.in_force;
  const words = inForce
    ? `Version ${inForce.version} is in force since cycle ${inForce.cycle} (${time(inForce.at)}).`
    : "No cycle has been run with these settings yet.";
  const waits = settings.pending
    ? ` Version ${settings.version} waits for ${settings.next_cycle == null ? "the next cycle" : `cycle ${settings.next_cycle}`}.`
    : "";
  return words + waits + (mayCommand() ? "" : " You may look; an operator may change.");
}
