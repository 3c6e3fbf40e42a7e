// All positions together; a sum is shown only when every part of it is known.

import { byId, figures } from "../../lib/elements.js";
import { count, unknown, usdt } from "../../lib/numbers.js";

const PARTS = [
  ["Size", "notional_now_usdt", "Spot legs at their mark prices, USDT", false],
  ["Funding", "funding_usdt", "Collected less paid so far", true],
  ["Price", "price_usdt", "Both legs together, unrealised included", true],
  ["Fees", "fees_usdt", "Paid so far", true],
  ["Net", "net_usdt", "Funding, price and fees so far", true],
  ["Next payments", "expected_funding_usdt", "At each position's next settlement, by the predicted rates", true],
];

export function showSum(positions) {
  const closing = positions.map((one) => one.closing?.total);
  figures(byId("sum"), [
    { name: "Positions", value: count(positions.length) },
    ...PARTS.map(([name, figure, title, signed]) => ({ name, title, value: sum(positions.map((one) => one[figure]), signed) })),
    { name: "To close all", title: "Fees, spread and slippage of closing everything now, by estimate", value: sum(closing, false) },
  ]);
}

function sum(values, signed) {
  const missing = values.filter((value) => value == null).length;
  if (missing) return unknown(`not known for ${missing} of ${values.length}`);
  const total = values.reduce((all, value) => all + Number(value), 0);
  return { ...usdt(total, { signed }), title: "the sum of the column below" };
}
