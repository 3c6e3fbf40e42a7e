// Charts by plotly.js, loaded when the first one comes into view and never before.

import { byId, make } from "./elements.js";

let loading = null;

/** One chart: it draws itself when it is in view, and again when its data, size or colours change. */
export class Chart {
  /**
   * `describe(data, colours)` returns `{traces, layout, summary}`; the summary says in words what the
   * chart shows, for those who cannot see it. While `data` is null, `empty` is shown.
   */
  constructor(node, describe, empty = "Nothing to draw yet.") {
    Object.assign(this, { node, describe, empty, data: null, visible: false, drawn: false });
    node.classList.add("chart");
    node.setAttribute("role", "img");
    new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      this.draw();
    }, { rootMargin: "200px" }).observe(node);
    new ResizeObserver(() => {
      if (this.drawn && node.clientWidth) window.Plotly.Plots.resize(node);
    }).observe(node);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.say(empty);
  }

  /** `null` = nothing to draw. */
  show(data, empty = this.empty) {
    this.data = data;
    this.empty = empty;
    if (data === null) this.say(empty);
    else this.draw();
  }

  say(text) {
    if (this.drawn) window.Plotly.purge(this.node);
    this.drawn = false;
    this.node.replaceChildren(make("p", { class: "empty" }, text));
    this.node.setAttribute("aria-label", text);
  }

  async draw() {
    if (this.data === null || !this.visible || document.hidden) return;
    this.node.dataset.wanted = "yes";
    try {
      await load();
    } catch {
      this.say("The chart library could not be loaded; the figures stand beside it.");
      return;
    }
    if (this.data === null) return;
    const look = colours();
    const { traces, layout, summary } = this.describe(this.data, look);
    if (!this.drawn) this.node.replaceChildren();
    this.drawn = true;
    this.node.setAttribute("aria-label", summary);
    await window.Plotly.react(this.node, traces, merged(base(look), layout), CONFIG);
    this.node.dataset.drawn = "yes";
  }
}

const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, doubleClick: "reset" };

/** The page's own colours, as they are now. */
function colours() {
  const style = getComputedStyle(document.body);
  const names = ["paper", "card", "ink", "soft", "line", "accent", "wash", "gain", "loss", "warn", "gain-wash", "loss-wash"];
  return Object.fromEntries(
    names.map((name) => [name.replace(/-(.)/, (_, letter) => letter.toUpperCase()), style.getPropertyValue(`--${name}`).trim()]),
  );
}

function base(look) {
  const axis = {
    gridcolor: look.line, linecolor: look.line, zerolinecolor: look.soft, zerolinewidth: 1,
    tickfont: { color: look.soft, size: 11 }, automargin: true, fixedrange: false,
  };
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 12, color: look.ink },
    margin: { l: 8, r: 8, t: 8, b: 8 },
    hovermode: "x unified",
    hoverlabel: { bgcolor: look.card, bordercolor: look.line, font: { color: look.ink, size: 12 } },
    showlegend: false,
    legend: { orientation: "h", font: { color: look.soft, size: 11 } },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    xaxis: { ...axis, showgrid: false },
    yaxis: { ...axis },
  };
}

function merged(one, other = {}) {
  const all = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const deep = value !== null && typeof value === "object" && !Array.isArray(value);
    all[name] = deep ? merged(all[name] ?? {}, value) : value;
  }
  return all;
}

function load() {
  loading ??= new Promise((resolve, reject) => {
    allowStyleAttributes();
    const { plotly, plotlyMapStyles } = document.body.dataset;
    if (plotlyMapStyles && !byId(plotlyMapStyles)) {
      document.head.append(make("meta", { id: plotlyMapStyles, name: "plotly-map-styles", content: "not used" }));
    }
    const script = make("script", { src: plotly });
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => {
      loading = null;
      reject(new Error("plotly.js did not load"));
    });
    document.head.append(script);
  });
  return loading;
}

/**
 * The library sets some style attributes as text, which our policy forbids (as it should: text can
 * come from anywhere). The same by property is allowed.
 */
function allowStyleAttributes() {
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function setAttribute(name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else set.call(this, name, value);
  };
}
