// What a person may do from every page. Whatever trades is explained and confirmed first.

import { command, mayCommand } from "./commands.js";
import { confirmed } from "./dialogs.js";
import { byId, make } from "./elements.js";
import { rounded } from "./numbers.js";

const CONTROLS = [
  { name: "start", text: "Start", when: ["stopped"], title: "Compare with the venue, then trade." },
  { name: "pause", text: "Pause", when: ["running"], title: "Keep the positions, enter none." },
  { name: "resume", text: "Resume", when: ["paused"], title: "Enter positions again." },
  {
    name: "restart",
    text: "Restart",
    when: ["running", "paused", "starting"],
    title: "Compare with the venue again and begin a new cycle; positions are kept.",
  },
  {
    name: "stop",
    text: "Stop",
    when: ["running", "paused", "starting"],
    title: "Close every position, then stop.",
    confirm: () => `${closing()}\nThen no cycle runs until it is started again.`,
  },
  {
    name: "clear-emergency",
    text: "Clear the halt",
    when: ["halted"],
    title: "The bot is then stopped, and can be started.",
  },
  {
    name: "emergency-stop",
    text: "Emergency stop",
    when: ["stopped", "starting", "running", "paused", "stopping", "unknown"],
    title: "Close everything at market now and halt.",
    grave: true,
    confirm: () =>
      `${closing()}\nNo bound is set on slippage. The bot then stays halted until a person clears it.`,
  },
];
const ONLY_WHEN_USABLE = ["clear-emergency", "start", "resume", "pause"];

let status = null;

export function showControls(news) {
  status = news;
  const state = status.bot?.state ?? "unknown";
  const node = byId("controls");
  node.hidden = !mayCommand();
  if (!node.children.length) node.append(...CONTROLS.map(button));
  CONTROLS.forEach((control, n) => {
    const usable = control.when.includes(state);
    node.children[n].hidden = !usable && ONLY_WHEN_USABLE.includes(control.name);
    node.children[n].disabled = !usable;
  });
}

function button(control) {
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (control.confirm && !(await confirmed(`${control.text}?`, control.confirm(), control.text))) return;
    pressed.classList.add("sending");
    await command(control.name, control.text);
    pressed.classList.remove("sending");
  };
  return make(
    "button",
    { type: "button", title: control.title, class: control.grave ? "grave" : undefined, onclick: press },
    control.text,
  );
}

function closing() {
  const held = status.open_positions;
  if (!held) return "Nothing is held, so nothing is traded.";
  const what = held === 1 ? "1 position is closed at market." : `${held} positions are closed at market.`;
  const why = Object.entries(status.closing?.unknown ?? {}).map(([pair, reason]) => `${pair}: ${reason}`);
  return `${what} ${closingCost(status.closing?.cost, why.join("; "))}`;
}

/** A sentence about what closing costs; `cost` as the API gives it, null = unknown. */
export function closingCost(cost, why = "") {
  if (cost == null) return `What it will cost is not known${why ? ` (${why})` : ""}.`;
  const [total, ...parts] = [cost.total, cost.fees, cost.spread, cost.slippage].map((one) => rounded(one, 2));
  return `It will cost about ${total} USDT: ${parts[0]} in fees, ${parts[1]} by the spread, ${parts[2]} by slippage.`;
}
