// Where the result comes from: funding, price, fees, slippage.

import { byId, figures, put } from "../../lib/elements.js";
import { usdt } from "../../lib/numbers.js";

const PARTS = [
  ["Net", "net", "After every fee; closed and open trades."],
  ["Funding", "funding", "Received less paid."],
  ["Price", "price", "Price result of both legs together, spread and slippage included."],
  ["Fees", "fees", "Trading fees of both legs."],
  ["Slippage", "slippage", "Fills against the decisions' prices; already inside Price."],
];

export function showResult(pnl) {
  const why = pnl.problems.join("; ") || "not known";
  put(byId("result-period"), "of all trades, open ones included");
  figures(
    byId("result"),
    PARTS.map(([name, part, title]) => {
      const open = usdt(pnl.open?.[part], { signed: true, reason: why });
      return {
        name,
        title,
        value: usdt(sum(pnl.closed?.[part], pnl.open?.[part]), { signed: true, reason: why }),
        aside: { ...open, text: `open ${open.text}`, kind: "" },
      };
    }),
  );
}

/** Two exact texts added in the smallest unit that either has; null if one is unknown. */
function sum(one, other) {
  if (one == null || other == null) return null;
  const digits = Math.max(...[one, other].map((text) => (text.split(".")[1] ?? "").length));
  const whole = (text) => {
    const [units, rest = ""] = text.split(".");
    return BigInt(units + rest.padEnd(digits, "0"));
  };
  const total = whole(one) + whole(other);
  const text = (total < 0n ? -total : total).toString().padStart(digits + 1, "0");
  const cut = text.length - digits;
  return `${total < 0n ? "-" : ""}${text.slice(0, cut)}${digits ? `.${text.slice(cut)}` : ""}`;
}
