// The supervision tree as the lines of a table: parents first, and many alike in one line that opens.

const CROWD = 12;
const DEEP = 100;
/** Letters waiting from which on an actor is no longer one of many alike. */

export const PROBLEM_STATES = new Set(["restarting", "stopping", "stopped", "abandoned"]);

/** Whether a person may want to look at it. */
export const troubled = (actor) =>
  PROBLEM_STATES.has(actor.state) || actor.last_error !== null || actor.zombies > 0 || actor.depth >= DEEP;

/** The last part of an address. */
export const nameOf = (address) => address.slice(address.lastIndexOf("/") + 1);

/** Parents before their children, brothers by name. */
export function inOrder(actors) {
  const keyed = actors.map((one) => [one.address.replaceAll("/", "\u0000"), one]);
  keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return keyed.map(([, one]) => one);
}

/**
 * Lines `{key, actor, level, place, crowd}`; `crowd` is null, or `{size, open}` for a line that stands
 * for many. `actors` are in order, `opened` holds the parents whose crowds are shown one by one.
 */
export function lines(actors, opened) {
  const crowds = new Map();
  for (const one of actors) {
    if (one.kind !== "actor" || troubled(one)) continue;
    if (!crowds.has(one.parent)) crowds.set(one.parent, []);
    crowds.get(one.parent).push(one);
  }
  const found = [];
  const begun = new Set();
  for (const one of actors) {
    const level = one.address.split("/").length - 1;
    const alike = one.kind === "actor" && !troubled(one) ? crowds.get(one.parent) : [];
    if (alike.length > CROWD) {
      const open = opened.has(one.parent);
      if (!begun.has(one.parent)) {
        begun.add(one.parent);
        const crowd = { size: alike.length, open, parent: one.parent };
        found.push({ key: `${one.parent}/…`, actor: together(alike), level, crowd });
      }
      if (!open) continue;
    }
    found.push({ key: one.address, actor: one, level, crowd: null });
  }
  return found.map((line, place) => ({ ...line, place }));
}

/** The same without the tree: for a list that is sorted or filtered otherwise. */
export const flat = (actors) =>
  actors.map((actor, place) => ({ key: actor.address, actor, level: 0, place, crowd: null }));

/** Sums, and the slowest. */
function together(alike) {
  const total = (name) => alike.reduce((sum, one) => sum + (one[name] ?? 0), 0);
  const most = (name) =>
    alike.reduce((worst, one) => (one[name] === null ? worst : Math.max(worst ?? 0, one[name])), null);
  return {
    ...alike[0],
    restarts: total("restarts"),
    depth: total("depth"),
    high_water: most("high_water"),
    handled: total("handled"),
    per_second: most("per_second") === null ? null : total("per_second"),
    wait_p50: most("wait_p50"),
    wait_p99: most("wait_p99"),
    work_p50: most("work_p50"),
    work_p99: most("work_p99"),
    busy: alike.filter((one) => one.busy_since !== null).length,
  };
}
