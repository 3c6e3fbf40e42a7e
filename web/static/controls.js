// What a person may do. Whatever trades is explained and confirmed first.

import { byId, make, put } from "./elements.js";
import { rounded } from "./numbers.js";

const CONTROLS = [
  { name: "start", text: "Start", when: ["stopped"] },
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
    confirm: () => `${closing()} Then no cycle runs until it is started again.`,
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
      `${closing()} No bound is set on slippage. The bot then stays halted until a person clears it.`,
  },
];

let positions = [];
let fees = null;

export const knowPositions = (known) => {
  positions = known.positions;
};
export const knowFees = (config) => {
  fees = config.terms_in_force?.fees ?? null;
};

export function showControls(status) {
  const state = status.bot?.state ?? "unknown";
  const node = byId("controls");
  if (!node.children.length) node.append(...CONTROLS.map(button));
  CONTROLS.forEach((control, n) => {
    const usable = control.when.includes(state);
    node.children[n].hidden = !usable && ["clear-emergency", "start", "resume", "pause"].includes(control.name);
    node.children[n].disabled = !usable;
  });
}

export async function closePosition(one) {
  const text = `${cost([one])} It is sold and bought back at market.`;
  if (await confirmed(`Close ${one.pair_key}?`, text, "Close position")) {
    await send(`positions/${encodeURIComponent(one.position.id)}/close`, `Close ${one.pair_key}`);
  }
}

function button(control) {
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (control.confirm && !(await confirmed(`${control.text}?`, control.confirm(), control.text))) return;
    pressed.classList.add("sending");
    await send(control.name, control.text);
    pressed.classList.remove("sending");
  };
  return make(
    "button",
    { type: "button", title: control.title, class: control.grave ? "grave" : undefined, onclick: press },
    control.text,
  );
}

function closing() {
  if (!positions.length) return "Nothing is held, so nothing is traded.";
  const plural = positions.length === 1 ? "1 position is" : `${positions.length} positions are`;
  return `${plural} closed at market. ${cost(positions)}`;
}

/** Taker fees and the assumed slippage of one order per leg. */
function cost(closed) {
  const notionals = closed.map((one) => one.pnl?.notional_usdt);
  if (!fees || notionals.some((value) => value == null)) return "What it will cost is not known.";
  const notional = notionals.reduce((sum, value) => sum + Number(value), 0);
  const share = Number(fees.spot_taker) + Number(fees.perp_taker) + (2 * Number(fees.slippage_bp)) / 10_000;
  return `It will cost about ${rounded(notional * share, 2)} USDT in fees and slippage.`;
}

function confirmed(title, text, yes) {
  const dialog = byId("confirm");
  put(byId("confirm-title"), title);
  put(byId("confirm-text"), text);
  put(byId("confirm-yes"), yes);
  return new Promise((resolve) => {
    byId("confirm-yes").onclick = () => dialog.close("yes");
    byId("confirm-no").onclick = () => dialog.close("no");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "no";
    dialog.showModal();
    byId("confirm-no").focus();
  });
}

/** Send a command, again with the same key if the answer was lost, and say what became of it. */
async function send(path, text) {
  const key = crypto.randomUUID();
  let answer = null;
  for (let attempt = 0; attempt < 2 && answer === null; attempt += 1) {
    try {
      answer = await fetch(`/api/v1/${path}`, { method: "POST", headers: { "Idempotency-Key": key } });
    } catch {
      await pause(1000);
    }
  }
  if (answer === null) {
    notice(`${text}: no answer came, so it may or may not have arrived. Look at the state.`, "loss");
    return;
  }
  const body = await answer.json();
  if (answer.ok) await follow(body.command_id, text);
  else notice(`${text}: ${body.error.message}`, "loss");
}

async function follow(id, text) {
  const line = notice(`${text}: accepted`, "");
  for (const wait of [200, 500, 1000, 2000, 4000]) {
    await pause(wait);
    try {
      const answer = await fetch(`/api/v1/commands/${id}`);
      const command = await answer.json();
      if (answer.ok && command.status !== "accepted") {
        const refused = command.status === "refused";
        const outcome = command.outcome ? `: ${command.outcome}` : "";
        put(line, { text: `${text}: ${command.status}${outcome}`, kind: refused ? "loss" : "" });
        return;
      }
    } catch {
      return;
    }
  }
}

function notice(text, kind) {
  const line = make("p");
  put(line, { text, kind });
  byId("notices").append(line);
  setTimeout(() => line.remove(), 12_000);
  return line;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
