// Why it is (not) trading: the last cycle's funnel, and the cycle in sentences.

import { byId, keep, make, put } from "./elements.js";

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
  keep(
    byId("funnel"),
    funnel,
    (step) => step.stage,
    (step) => {
      const [name, title] = STAGES[step.stage] ?? [step.stage, ""];
      return make("div", { title, role: "listitem" }, make("span", {}, name), make("i"), make("b"));
    },
    (node, step) => {
      node.children[1].style.width = `${(100 * step.passed) / most}%`;
      put(node.children[2], String(step.passed));
    },
  );
}
