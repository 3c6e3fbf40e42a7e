// The period that the overview looks at, remembered by the tab.

const KEY = "perpcarry.period";

export const PERIODS = [
  ["today", "Today", "Since midnight UTC"],
  ["week", "7 days", "Since midnight UTC, seven days ago"],
  ["month", "30 days", "Since midnight UTC, thirty days ago"],
  ["all", "All", "Since the ledger begins"],
];
/** As the ledger names them. */
export const NAMES = { today: "today", week: "7 days", month: "30 days", all: "all" };
/** Whole days before today's midnight; null = from the beginning. */
export const DAYS = { today: 0, week: 7, month: 30, all: null };

const listeners = [];

export function chosenPeriod() {
  const kept = sessionStorage.getItem(KEY);
  return kept in DAYS ? kept : "all";
}

export function choosePeriod(period) {
  sessionStorage.setItem(KEY, period);
  for (const listen of listeners) listen(period);
}

export const onPeriod = (listen) => listeners.push(listen);
