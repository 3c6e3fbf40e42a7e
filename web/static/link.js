// The connection to the bot: opens by itself, comes back by itself, and knows when it is old.

import { byId, put } from "./elements.js";
import { span } from "./numbers.js";

const LONGEST_PAUSE = 15_000;

/** `onOpen` is called before the first message of a connection, `onTopics` with each message's. */
export function connect(onOpen, onTopics) {
  const interval = 1000 * Number(document.body.dataset.updateSeconds);
  const link = byId("link");
  let pause = 500;
  let heardAt = 0;
  let retryAt = 0;
  let first = true;
  let problem = "";

  function show(state, text) {
    if (document.body.dataset.link !== state) document.body.dataset.link = state;
    put(link, text);
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
  }

  function open() {
    retryAt = 0;
    first = true;
    const socket = new WebSocket(`ws://${location.host}/ws`);
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      problem = message.type === "problem" ? message.message : "";
      if (message.type === "changes") {
        pause = 500;
        heardAt = Date.now();
        if (first) onOpen();
        first = false;
        onTopics(message.topics);
      }
      look();
    });
    socket.addEventListener("close", () => {
      problem = "";
      retryAt = Date.now() + pause;
      setTimeout(open, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      look();
    });
  }

  open();
  setInterval(look, 1000);
}
