// What every page does: header, controls, connection; and it hands each topic to whoever shows it.

import { showControls } from "./controls.js";
import { showStatus } from "./header.js";
import { connect } from "./link.js";

/**
 * `views` is `{topic: show(value) or [show, ...]}`. `begin` is called at first and whenever the
 * connection is new: it may be to a bot that was restarted, so nothing from before may stay.
 */
export function start(views, begin = () => {}) {
  const all = { ...views, status: [showStatus, showControls, ...several(views.status)] };
  connect(begin, (topics) => {
    for (const [topic, value] of Object.entries(topics)) {
      for (const show of several(all[topic])) show(value);
    }
  });
}

const several = (one) => (one === undefined ? [] : Array.isArray(one) ? one : [one]);
