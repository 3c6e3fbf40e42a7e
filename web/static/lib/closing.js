// Closing one position by hand: what it will cost, a confirmation, the command.

import { command } from "./commands.js";
import { closingCost } from "./controls.js";
import { confirmed } from "./dialogs.js";
import { usdt } from "./numbers.js";

/** `one` is a position as the API gives it. */
export async function closePosition(one) {
  const net = usdt(one.net_usdt, { signed: true, reason: "not known" });
  const text = [
    "Its spot is sold and its short bought back at market, by a person's word: the policy is not asked.",
    closingCost(one.closing, one.unknown.closing),
    `It has earned ${net.text} USDT so far.`,
    "The policy may enter the pair again when its cooldown is over; pause first if it should not.",
  ].join("\n");
  if (await confirmed(`Close ${one.pair_key}?`, text, "Close position")) {
    await command(`positions/${encodeURIComponent(one.position.id)}/close`, `Close ${one.pair_key}`);
  }
}
