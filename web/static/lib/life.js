// The life of one position in the drawer: every decision, order, fill and payment in time.

import { get } from "./api.js";
import { closePosition } from "./closing.js";
import { mayCommand } from "./commands.js";
import { drawer } from "./dialogs.js";
import { byId, choice, figures, keep, make, put, shown } from "./elements.js";
import { basisPoints, paidOff, price, quantity, rate, seconds, span, time, unknown, usdt } from "./numbers.js";

const REFRESH_MS = 5000;
const KINDS = {
  entered: ["decision", ""], order: ["order", "quiet"], fill: ["fill", ""], funding: ["funding", "gain"],
  opened: ["opened", "gain"], exit: ["exit", "warn"], closed: ["closed", "quiet"], event: ["event", "warn"],
};
const FILTERS = [["all", "All"], ["trades", "Orders and fills"], ["funding", "Funding"]];
const SHOWN = {
  all: () => true,
  trades: (step) => !["funding"].includes(step.kind),
  funding: (step) => step.kind === "funding",
};

let opened = null;

/** Show a position, open or closed. */
export async function openLife(id) {
  const body = drawer(id, () => {
    opened = null;
  });
  opened = { id, body, at: 0, kinds: "all", life: null };
  body.append(make("p", { class: "empty" }, "Loading…"));
  await refresh(opened);
}

/** News of positions: the one that is open in the drawer follows, a few seconds apart. */
export function showLifeOf(positions) {
  const mine = opened;
  if (!mine?.life || mine.life.closed_at || Date.now() - mine.at < REFRESH_MS) return;
  if (positions.some((one) => one.position.id === mine.id) || mine.life.now) refresh(mine);
}

async function refresh(mine) {
  mine.at = Date.now();
  try {
    mine.life = await get(`positions/${encodeURIComponent(mine.id)}`);
  } catch (error) {
    if (mine === opened && !mine.life) mine.body.replaceChildren(make("p", { class: "empty" }, error.message));
    return;
  }
  if (mine === opened) draw(mine);
}

function draw(mine) {
  const { body, life } = mine;
  if (!byId("life-steps")) build(mine);
  put(byId("life-state"), {
    text: life.closed_at ? "closed" : life.state,
    title: life.problem,
    kind: life.closed_at ? "quiet" : { open: "gain", repairing: "loss", orphaned: "loss" }[life.state] ?? "warn",
  });
  put(byId("life-times"), times(life));
  byId("life-close").hidden = !life.now || !mayCommand();
  byId("life-close").onclick = () => closePosition(life.now);
  figures(byId("life-sum"), summary(life));
  decisions(byId("life-decisions"), life);
  const steps = life.steps.map((step, n) => ({ ...step, n })).filter(SHOWN[mine.kinds]);
  put(byId("life-count"), `${steps.length} of ${life.steps.length} steps, newest first`);
  keep(byId("life-steps"), steps.reverse(), (step) => `${step.n}${step.kind}${step.order?.status ?? ""}`, (step) => line(step, life));
  body.dataset.ready = "yes";
}

function build(mine) {
  const kinds = make("div", { "aria-label": "Steps shown" });
  choice(kinds, "life-kinds", FILTERS, "all", (chosen) => {
    mine.kinds = chosen;
    draw(mine);
  });
  mine.body.replaceChildren(
    make("div", { class: "card-head" }, make("span", { class: "badge", id: "life-state" }), make("span", { class: "aside", id: "life-times" }),
      make("button", { type: "button", id: "life-close", class: "small grave" }, "Close position")),
    make("dl", { class: "figures", id: "life-sum" }),
    make("div", { id: "life-decisions" }),
    make("div", { class: "card-head" }, make("h3", {}, "Its life"), make("span", { class: "aside", id: "life-count" }), kinds),
    make("ol", { class: "steps", id: "life-steps" }),
  );
}

function times(life) {
  const from = life.opened_at ?? life.created_at;
  const until = life.closed_at ?? life.at;
  return `${time(from)} to ${life.closed_at ? time(until) : "now"}, ${span(seconds(from, until))}`;
}

function summary(life) {
  const { now, trade } = life;
  const final = trade?.pnl;
  const pick = (figure) => (final ? final[figure] : now?.[`${figure}_usdt`] ?? life.totals[`${figure}_usdt`]);
  const parts = [["Net", "net"], ["Funding", "funding"], ["Price", "price"], ["Fees", "fees"]].map(([name, figure]) => ({
    name,
    value: usdt(pick(figure), { signed: true, reason: now?.unknown[`${figure}_usdt`] }),
  }));
  const coin = life.pair.short.base;
  return [
    ...parts,
    { name: "Quantity", title: "Meant for each leg", value: quantity(life.target_quantity, coin), aside: coin },
    ...(now
      ? [
          { name: "Basis", title: "Perpetual over spot: now; at the entry below", value: basisPoints(now.basis_now_bp), aside: { text: `entry ${basisPoints(now.basis_entry_bp).text}` } },
          { name: "Paid off", title: "Funding collected as a share of all fees, those of the exit included", value: paidOff(now.break_even_progress, now.unknown.break_even_progress) },
          { name: "To close now", title: "Fees, spread and slippage, by estimate", value: usdt(now.closing?.total, { reason: now.unknown.closing }) },
        ]
      : []),
  ];
}

function decisions(node, life) {
  const said = [["Entered because", life.entry], ["Left because", life.exit]].filter(([, one]) => one);
  keep(node, said, ([name]) => name, ([name, one]) =>
    make("div", {}, make("h3", {}, name), make("ul", { class: "points" }, ...reasons(one).map((text) => make("li", {}, text)))),
  );
}

function reasons(decision) {
  const said = [...(decision.reasons ?? [])];
  if (decision.expected_funding_usdt != null) {
    said.push(`expected then: ${usdt(decision.expected_funding_usdt).text} USDT of funding for ${usdt(decision.expected_cost_usdt).text} USDT of costs`);
  }
  if (!said.length && decision.reason) said.push(decision.reason);
  return said;
}

function line(step, life) {
  const [name, kind] = KINDS[step.kind] ?? [step.kind, ""];
  const { text, amount, more } = words(step, life);
  return make(
    "li",
    {},
    make("time", { datetime: step.at }, time(step.at, true)),
    shown("span", { text: name, kind }, { class: "badge" }),
    shown("span", text),
    shown("b", amount ?? ""),
    more ? make("span", { class: "more" }, more) : null,
  );
}

function words(step, life) {
  const coin = life.pair.short.base;
  if (step.order) {
    const one = step.order;
    const part = one.filled_quantity === one.quantity ? "" : `, ${quantity(one.filled_quantity, coin).text} filled`;
    return {
      text: { text: `${one.side} ${quantity(one.quantity, coin).text} ${coin} on ${one.leg}${part}`, title: `${one.quantity} ${coin}` },
      amount: { text: one.status, kind: one.status === "filled" ? "quiet" : "warn" },
      more: [`${one.action}, attempt ${one.attempt}, ${one.client_id}`, one.reduce_only ? "reduce only" : "", one.reason].filter(Boolean).join(", "),
    };
  }
  if (step.fill) {
    const one = step.fill;
    return {
      text: { text: `${one.side} ${quantity(one.quantity, coin).text} ${coin} at ${price(one.price).text} on ${one.leg}`, title: `${one.quantity} ${coin} at ${one.price} = ${one.value_usdt} USDT` },
      amount: usdt(one.fee_usdt, { signed: true, reason: "the fee coin has no price" }),
      more: `fee ${one.fee} ${one.fee_coin}${one.slippage_usdt == null ? "" : `, slippage ${usdt(one.slippage_usdt, { signed: true }).text} USDT`}`,
    };
  }
  if (step.funding) {
    const one = step.funding;
    const shownRate = one.rate == null ? unknown("the venue did not say") : rate(one.rate, one.interval_hours);
    return {
      text: { text: `${shownRate.text} on ${usdt(one.notional_usdt).text} USDT`, title: `rate ${shownRate.title}, mark price ${one.mark_price ?? "not known"}` },
      amount: one.coin === "USDT" ? usdt(one.amount, { signed: true }) : quantity(one.amount, one.coin),
    };
  }
  return { text: { text: step.text || KINDS[step.kind]?.[0] || step.kind } };
}
