// Settled rates of many pairs over time, as a heatmap.

import { get } from "../../lib/api.js";
import { Chart } from "../../lib/chart.js";
import { byId, choice } from "../../lib/elements.js";
import { rounded, time } from "../../lib/numbers.js";

const REFRESH_MS = 30_000;
const PAIRS = 30;
const chart = new Chart(byId("heat"), describe, "No settled rate is on record yet.");
let by = "rate";
let days = 30;
let loadedAt = 0;
let asked = 0;
let now = null;

choice(byId("heat-by"), "heat-by", [["rate", "Highest rates", ""], ["liquidity", "Most liquid", ""]], by, (chosen) => {
  by = chosen;
  loadHeat(true);
});
choice(byId("heat-days"), "heat-days", [["7", "7 days"], ["30", "30 days"], ["180", "180 days"]], String(days), (chosen) => {
  days = Number(chosen);
  loadHeat(true);
});

/** At once, or only if what is shown is old. */
export async function loadHeat(atOnce) {
  if (!atOnce && Date.now() - loadedAt < REFRESH_MS) return;
  loadedAt = Date.now();
  const mine = (asked += 1);
  const since = now ? `&since=${encodeURIComponent(new Date(Date.parse(now) - days * 86_400_000).toISOString())}` : "";
  try {
    const history = await get(`rate-history?by=${by}&limit=${PAIRS}&buckets=120${since}`);
    if (mine !== asked) return;
    const first = now === null && history.at !== null;
    now = history.at;
    chart.node.style.height = `${Math.max(160, 60 + 20 * history.pairs.length)}px`;
    chart.show(history.pairs.some((one) => one.prints) ? history : null);
    if (first && days !== 30) loadHeat(true);
  } catch (error) {
    if (mine === asked) chart.show(null, error.message);
  }
}

function describe({ starts, pairs, bucket_hours: hours }, look) {
  const shown = [...pairs].reverse();
  const z = shown.map((one) => one.means_8h.map((mean) => (mean === null ? null : 100 * mean)));
  // A few extremes must not turn all the rest pale: the scale ends where 97% of the rates lie.
  const sizes = z.flat().filter((value) => value !== null).map(Math.abs).sort((a, b) => a - b);
  const most = Math.max(0.005, sizes[Math.floor(0.97 * (sizes.length - 1))] ?? 0);
  return {
    summary: `Heatmap of ${pairs.length} pairs from ${time(starts[0])}; buckets of ${hours} hours. Largest rate ${rounded(sizes.at(-1) ?? 0, 4)}% per 8 hours.`,
    traces: [
      {
        type: "heatmap", x: starts, y: shown.map((one) => one.pair_key.replace("-USDT", "")), z,
        zmin: -most, zmax: most, zmid: 0, xgap: 0, ygap: 1,
        colorscale: [[0, look.loss], [0.5, look.card], [1, look.gain]],
        colorbar: { thickness: 8, outlinewidth: 0, tickformat: "+.3f", ticksuffix: "%", tickfont: { color: look.soft, size: 10 } },
        hovertemplate: `%{y} from %{x|%Y-%m-%d %H:%M}, ${hours} h<br>%{z:+.4f}% / 8h<extra></extra>`,
      },
    ],
    layout: { xaxis: { type: "date", showgrid: false }, yaxis: { type: "category", dtick: 1, tickfont: { size: 10 } }, hovermode: "closest" },
  };
}
