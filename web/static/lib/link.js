// The connection to the bot: opens by itself, comes back by itself, and knows when it is old.

import { byId, put } from "./elements.js";
import { span } from "./numbers.js";

const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const SILENT_TOO_LONG = 12_000;
/** ms beyond what is usual: a connection that says nothing for so long is given up (a laptop slept). */

/** `onOpen` is called before the first message of a connection, `onTopics` with each message's. */
export function connect(onOpen, onTopics) {
  const { topics, updateSeconds } = document.body.dataset;
  const interval = 1000 * Number(updateSeconds);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const url = `${scheme}://${location.host}/ws?topics=${topics}`;
  let socket = null;
  let pause = SHORTEST_PAUSE;
  let heardAt = 0;
  let openedAt = 0;
  let retryAt = 0;
  let timer = 0;
  let problem = "";

  function show(state, text) {
    if (document.body.dataset.link !== state) document.body.dataset.link = state;
    put(byId("link"), text);
  }

  function look() {
    const silent = Date.now() - heardAt;
    const asOf = heardAt ? ` What is shown is ${span(silent / 1000)} old.` : "";
    if (retryAt) {
      const left = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
      show("down", `No connection to the bot; trying again in ${left} s.${asOf}`);
    } else if (!heardAt) {
      show("connecting", problem || "Connecting…");
    } else if (problem) {
      show("stale", `${problem}${asOf}`);
    } else if (silent > 3 * interval + 2000) {
      show("stale", `Nothing heard from the bot.${asOf}`);
    } else {
      show("live", "");
    }
    const quiet = Date.now() - Math.max(heardAt, openedAt);
    if (socket && !retryAt && !problem && quiet > 3 * interval + SILENT_TOO_LONG) giveUp();
  }

  function giveUp() {
    const old = socket;
    socket = null;
    old.close();
    again();
  }

  /** Why a WebSocket was refused is not told to scripts: the session may have ended meanwhile. */
  async function checkSession() {
    const answer = await fetch("/api/v1/me").catch(() => null);
    if (answer?.status === 401) toLogin();
  }

  function again() {
    problem = "";
    if (document.querySelector("meta[name=csrf-token]")) checkSession();
    retryAt = Date.now() + pause;
    clearTimeout(timer);
    timer = setTimeout(open, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    look();
  }

  function open() {
    retryAt = 0;
    openedAt = Date.now();
    let held = {};
    const mine = new WebSocket(url);
    socket = mine;
    mine.addEventListener("message", (event) => {
      if (socket !== mine) return;
      const message = JSON.parse(event.data);
      problem = message.type === "problem" ? message.message : "";
      if (message.type === "changes") {
        pause = SHORTEST_PAUSE;
        heardAt = Date.now();
        if (message.full) {
          held = {};
          onOpen();
        }
        onTopics(fold(held, message));
      }
      look();
    });
    mine.addEventListener("close", (event) => {
      if (socket !== mine) return;
      socket = null;
      if (event.code === 4401) toLogin();
      else again();
    });
  }

  open();
  setInterval(look, 1000);
  // Timers stand still in a sleeping or hidden page: look at once when it is looked at again.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (retryAt) {
      clearTimeout(timer);
      open();
    }
    look();
  });
}

const toLogin = () => location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);

/** The topics that changed, whole; `held` keeps those that come as patches from then on. */
function fold(held, { topics, patches = {} }) {
  Object.assign(held, topics);
  const changed = { ...topics };
  for (const [topic, patch] of Object.entries(patches)) {
    const rows = new Map(held[topic][patch.list].map((row) => [row[patch.key], row]));
    for (const key of patch.gone) rows.delete(key);
    for (const row of patch.rows) rows.set(row[patch.key], { ...rows.get(row[patch.key]), ...row });
    changed[topic] = held[topic] = { ...held[topic], ...patch.set, [patch.list]: [...rows.values()] };
  }
  return changed;
}
