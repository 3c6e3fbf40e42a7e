// The status page: each topic that changed goes to whoever shows it.

import { knowFees, knowPositions, showControls } from "./controls.js";
import { forgetEvents, showEvents } from "./events.js";
import { showStatus } from "./header.js";
import { connect } from "./link.js";
import { loadCurve, showEquity, showNoEquity, showPnl } from "./money.js";
import { showPositions } from "./positions.js";
import { showSystem } from "./system.js";
import { showWhy } from "./why.js";

const VIEWS = {
  status: [showStatus, showControls, showWhy],
  positions: [knowPositions, showPositions],
  equity: [showEquity],
  pnl: [showPnl],
  config: [knowFees],
  system: [showSystem],
  new_events: [showEvents],
};

/** A new connection may be to a bot that was restarted: nothing old is shown as new. */
function begin() {
  forgetEvents();
  showNoEquity();
  loadCurve();
}

function show(topics) {
  for (const [topic, value] of Object.entries(topics)) {
    for (const view of VIEWS[topic] ?? []) view(value);
  }
}

connect(begin, show);
