// The period that the overview looks at, remembered by the tab.

const KEY = "perpcarry.period";

export const PERIODS = [
  ["today", "Today", "Since midnight UTC"],
  ["week", "7 days", ""],
  ["month", "30 days", ""],
  ["all", "All", "Since the ledger begins"],
];
export const DAYS = { today: 1, week: 7, month: 30, all: null };

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
