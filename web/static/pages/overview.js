// The overview: equity and results, balance, why it is (not) trading, events.

import { EventList } from "../lib/events.js";
import { byId } from "../lib/elements.js";
import { start } from "../lib/page.js";
import { showBalance } from "./overview/balance.js";
import { begin as beginCurve, showEquity } from "./overview/curve.js";
import { showResult } from "./overview/result.js";
import { showWhy } from "./overview/why.js";

const events = new EventList(byId("events"), byId("no-events"));

start(
  {
    status: showWhy,
    equity: showEquity,
    pnl: showResult,
    balance: showBalance,
    new_events: (news) => events.show(news),
  },
  () => {
    events.forget();
    beginCurve();
  },
);
