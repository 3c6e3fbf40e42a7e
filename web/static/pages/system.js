// The system: actors, dead letters, events, health.

import { byId } from "../lib/elements.js";
import { start } from "../lib/page.js";
import { showOpenActor } from "./system/actor.js";
import { showActors } from "./system/actors.js";
import { showPace } from "./system/figures.js";
import { showHealth } from "./system/health.js";
import { fetchLetters } from "./system/letters.js";
import { forgetEvents, showEvents } from "./system/log.js";

const ABOUT_LETTERS = /^actor\.buried$|^command\.(done|refused)$/;

start(
  {
    status: showPace,
    system: [showHealth, showActors, showOpenActor],
    new_events: [
      showEvents,
      (news) => {
        if (news.some(({ event }) => ABOUT_LETTERS.test(event.kind))) fetchLetters();
      },
    ],
  },
  () => {
    forgetEvents();
    fetchLetters();
    goToAnchor();
  },
);

let gone = false;

/** Once the page has its height: before that, the browser has nowhere to go. */
function goToAnchor() {
  if (gone || !location.hash) return;
  gone = true;
  requestAnimationFrame(() => byId(`${location.hash.slice(1)}-card`)?.scrollIntoView());
}
