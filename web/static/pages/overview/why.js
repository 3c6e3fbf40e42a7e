// The last cycle as a funnel; each stage opens the list of the pairs that fell out at it.

import { get } from "../../lib/api.js";
import { drawer } from "../../lib/dialogs.js";
import { byId, keep, make, put } from "../../lib/elements.js";
import { asNumber, unknown } from "../../lib/numbers.js";
import { Table } from "../../lib/table.js";

const STAGES = {
  scanned: ["scanned", "Pairs looked at"],
  data: ["with data", "All figures known and fresh"],
  liquid: ["liquid", "Allowed, with enough volume and a small spread"],
  rate: ["rate", "The rate pays the short"],
  net: ["net of cost", "It still pays after the full round trip"],
  risk: ["within risk", "The limits leave room"],
  granted: ["granted", "Entered or held"],
};

export function showWhy(status) {
  const cycle = status.last_cycle;
  const sentences = cycle?.why ?? ["No cycle has ended yet."];
  keep(byId("why"), sentences, (text) => text, () => make("li"), put);
  const funnel = cycle?.funnel ?? [];
  const most = Math.max(1, ...funnel.map((step) => step.passed));
  const steps = funnel.map((step, n) => ({ ...step, lost: n ? funnel[n - 1].passed - step.passed : 0 }));
  keep(byId("funnel"), steps, (step) => step.stage, create, (node, step) => {
    node.children[1].style.width = `${(100 * step.passed) / most}%`;
    const [passed, lost] = node.children[2].children;
    put(passed, step.lost ? `−${step.lost} ` : "");
    put(lost, String(step.passed));
    const [name] = STAGES[step.stage] ?? [step.stage];
    node.setAttribute("aria-label", `${name}: ${step.passed} passed, ${step.lost} fell out. Show which`);
  });
}

function create(step) {
  const [name, title] = STAGES[step.stage] ?? [step.stage, ""];
  return make(
    "button",
    { type: "button", title, onclick: () => open(step.stage, name) },
    make("span", {}, name),
    make("i"),
    make("b", {}, make("small"), make("span")),
  );
}

async function open(stage, name) {
  const passed = ["scanned", "granted"].includes(stage);
  const body = drawer(passed ? `Pairs ${name}` : `Pairs that fell out at “${name}”`);
  body.append(make("p", { class: "empty" }, "Loading…"));
  let answer;
  try {
    answer = await get(`opportunities${stage === "scanned" ? "" : `?stage=${stage}`}`);
  } catch (error) {
    body.replaceChildren(make("p", { class: "empty" }, error.message));
    return;
  }
  const node = make("div");
  body.replaceChildren(node);
  const table = new Table(node, {
    label: name,
    keyOf: (one) => one.pair_key,
    empty: "None in the last cycle.",
    sort: { by: "Score", down: true },
    columns: [
      { name: "Pair", side: "left", show: (one) => one.pair_key, value: (one) => one.pair_key },
      {
        name: "Score",
        title: "What the policy expects, in its own measure; higher is better",
        show: (one) => (one.score == null ? unknown("not judged") : Number(one.score).toPrecision(3)),
        value: (one) => asNumber(one.score),
      },
      { name: "Reason", side: "left", show: (one) => one.reason ?? one.reasons?.[0] ?? "" },
    ],
  });
  table.show(answer.opportunities);
}
