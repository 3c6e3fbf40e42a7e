// Where the result of the chosen period comes from: funding, price, fees, slippage.

import { byId, figures, put } from "../../lib/elements.js";
import { percent, time, unknown, usdt } from "../../lib/numbers.js";
import { chosenPeriod, NAMES, onPeriod } from "./period.js";

const PARTS = [
  ["Net", "net_usdt", "What equity gained: funding, price and fees together."],
  ["Funding", "funding_usdt", "Received less paid."],
  ["Price", "price_usdt", "Price result of both legs together, realised and not, spread and slippage included."],
  ["Fees", "fees_usdt", "Trading fees of both legs."],
  ["Slippage", "slippage_usdt", "Fills against the decisions' prices; already inside Price."],
];

let pnl = null;
onPeriod(draw);

export function showResult(news) {
  pnl = news;
  draw();
}

function draw() {
  if (pnl === null) return;
  const period = pnl.periods.find((one) => one.name === NAMES[chosenPeriod()]);
  const gain = period?.gain;
  const why = pnl.problems.join("; ") || "the ledger has not been read yet";
  put(byId("result-period"), gain?.since ? `since ${time(gain.since)}` : "");
  figures(
    byId("result"),
    PARTS.map(([name, part, title]) => ({
      name,
      title,
      value: usdt(gain?.[part], { signed: true, reason: gain?.unknown[part] ?? why }),
      aside: part === "net_usdt" && gain?.net_fraction != null ? percent(gain.net_fraction, 3, "", true) : aside(part),
    })),
  );
}

/** What of it belongs to positions still open; known for all time alone. */
function aside(part) {
  if (chosenPeriod() !== "all") return "";
  const value = pnl.open?.[part.replace("_usdt", "")];
  if (value == null) return { ...unknown(pnl.problems.join("; ") || "not known"), text: "open –" };
  const open = usdt(value, { signed: true });
  return { ...open, text: `open ${open.text}`, kind: "" };
}
