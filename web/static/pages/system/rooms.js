// What each part of the house is for, and what its restart means, in words.

const PURPOSES = [
  ["root", "Starts everything else in order, and restarts what fails."],
  ["root/journal", "Puts commands on record before they act, and events after they happened."],
  ["root/config", "The settings, and what was changed of them while running."],
  ["root/gateways", "Watches over the connections to venues."],
  ["root/gateways/*", "The connection to one venue: every question to it and every order goes through here."],
  ["root/market", "Gathers prices and funding rates, one snapshot a cycle."],
  ["root/pnl", "The ledger: every fill, fee and funding payment, and what they come to."],
  ["root/views", "Keeps what these pages show."],
  ["root/execution", "Every position and every order."],
  ["root/strategies", "Watches over the strategies, one for each pair."],
  ["root/strategies/*", "Proposes to enter, keep or leave the position in its pair."],
  ["root/orchestrator", "The cycle: ranks what is proposed, checks the risk, grants."],
  ["root/web", "Serves these pages and the API."],
];

const LOST_ANSWERS =
  "Answers under way from the venue are lost; an order among them is asked about by its id, never sent again.";

const CONSEQUENCES = [
  ["root/journal", "Commands are not accepted until it is back."],
  ["root/config", "Settings cannot be changed until it is back."],
  ["root/gateways", LOST_ANSWERS],
  ["root/gateways/*", LOST_ANSWERS],
  ["root/market", "The cycle under way may end without data."],
  ["root/pnl", "Figures of money stand still until it has read the ledger."],
  ["root/views", "These pages show nothing new until it has asked the others."],
  ["root/execution", "Positions stay as they are. An order whose answer was lost is asked about by its id, never sent again."],
  ["root/strategies", "Positions stay as they are."],
  ["root/strategies/*", "A position in the pair stays as it is."],
  ["root/orchestrator", "The cycle under way is given up. It compares with the venue again before it enters anything; positions stay as they are."],
  ["root/web", "Every open page loses its connection for a moment and comes back by itself."],
];

/** A sentence; empty for a part nobody described. */
export const purposeOf = (actor) => said(PURPOSES, actor.address);

/** What a restart does, for the question before it. */
export function restartText(actor, actors) {
  const below = actors.filter((one) => one.address.startsWith(`${actor.address}/`)).length;
  const waiting = actor.depth === 1 ? "1 letter waits" : `${actor.depth || "No"} letters wait`;
  return [
    actor.busy_since === null
      ? "It is stopped and started anew."
      : `It is stopped, once it has dealt with ${actor.busy_on}, and started anew.`,
    below ? `So ${below === 1 ? "is the one" : `are the ${below}`} below it.` : null,
    `What it knows comes back from the store and from the others. ${waiting} in its mailbox now: letters stay there until it is up.`,
    said(CONSEQUENCES, actor.address) || null,
  ]
    .filter((sentence) => sentence !== null)
    .join("\n");
}

function said(sentences, address) {
  const family = `${address.slice(0, address.lastIndexOf("/"))}/*`;
  return sentences.find(([one]) => one === address || one === family)?.[1] ?? "";
}
