// A table that can be sorted, filtered and hold thousands of rows: only those in view are drawn.

import { keep, make, put } from "./elements.js";

const WINDOW_FROM = 120;
/** Rows; fewer are drawn all at once. */
const MARGIN = 12;

/**
 * A column is `{name, title, side, show(item)}`, or has `fill(cell, item)` for more than a text;
 * `value(item)` (number, text or null) makes it sortable; `press(item)` makes it a button; `name` is
 * its head, `key` its own name if the head is not unique.
 */
export class Table {
  /**
   * `node` is an empty element. `keyOf(item)` finds a row again. `sort` is `{by: key, down: bool}`;
   * `dress(row, item)` may mark a row; `empty` is shown instead of no rows; `label` names the table;
   * `tall` lets it scroll in itself; `note` (element) is told how many rows are shown.
   */
  constructor(node, { columns, keyOf, sort = null, dress = () => {}, empty = "Nothing here.", label, tall = false }) {
    this.columns = columns.map((one) => ({ key: one.name, side: "right", ...one }));
    Object.assign(this, { keyOf, sort, dress, items: [], shown: [], matches: () => true });
    this.first = 0;
    this.widths = [];

    this.head = make("tr", {}, ...this.columns.map((one) => this.headCell(one)));
    this.above = space(columns.length);
    this.body = make("tbody", { class: "rows" });
    this.below = space(columns.length);
    this.foot = make("tfoot");
    this.table = make("table", { "aria-label": label }, make("thead", {}, this.head), this.above, this.body, this.below, this.foot);
    this.scroll = make(
      "div",
      { class: tall ? "scroll tall" : "scroll", tabindex: "0", role: "region", "aria-label": label },
      this.table,
    );
    this.none = make("p", { class: "empty" });
    this.emptyText = empty;
    node.replaceChildren(this.scroll, this.none);
    this.scroll.addEventListener("scroll", () => this.drawSoon(), { passive: true });
    this.markSort();
  }

  /** All rows, known and new; order and filter are the table's. */
  show(items) {
    this.items = items;
    this.arrange();
  }

  /** Show only what `matches(item)`; keeps until the next call. */
  filter(matches) {
    this.matches = matches;
    this.scroll.scrollTop = 0;
    this.arrange();
  }

  /** What stands instead of rows while there are none. */
  say(text) {
    this.emptyText = text;
    this.arrange();
  }

  /** A row of totals: shown values by column key. */
  total(values) {
    const cells = this.columns.map((one) => {
      const cell = make("td", { class: one.side });
      put(cell, values[one.key] ?? "");
      return cell;
    });
    this.foot.replaceChildren(make("tr", {}, ...cells));
  }

  arrange() {
    const column = this.sort && this.columns.find((one) => one.key === this.sort.by);
    const shown = this.items.filter(this.matches);
    if (column) {
      const turn = this.sort.down ? -1 : 1;
      const valued = shown.map((item) => [column.value(item), item]);
      valued.sort(([a], [b]) => (a == null || b == null ? (a == null) - (b == null) : turn * compare(a, b)));
      this.shown = valued.map(([, item]) => item);
    } else {
      this.shown = shown;
    }
    this.scroll.hidden = this.shown.length === 0;
    this.none.hidden = this.shown.length > 0;
    put(this.none, this.items.length ? "Nothing matches." : this.emptyText);
    this.draw();
  }

  drawSoon() {
    if (this.shown.length <= WINDOW_FROM || this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (this.windowStart() !== this.first) this.draw();
    });
  }

  windowStart() {
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / this.rowHeight()) - MARGIN);
    return first - (first % 2);
  }

  rowHeight() {
    return this.body.firstElementChild?.offsetHeight || 30;
  }

  draw() {
    const all = this.shown.length;
    const windowed = all > WINDOW_FROM;
    let visible = this.shown;
    let height = 0;
    this.first = 0;
    if (windowed) {
      height = this.rowHeight();
      const fits = Math.ceil((this.scroll.clientHeight || 800) / height) + 2 * MARGIN;
      this.first = Math.min(this.windowStart(), Math.max(0, all - fits));
      visible = this.shown.slice(this.first, this.first + fits);
      this.table.setAttribute("aria-rowcount", all + 1);
    } else {
      this.table.removeAttribute("aria-rowcount");
    }
    pad(this.above, this.first * height);
    pad(this.below, windowed ? (all - this.first - visible.length) * height : 0);
    let number = this.first + 1;
    keep(this.body, visible, this.keyOf, () => this.row(), (row, item) => {
      number += 1;
      if (windowed) row.setAttribute("aria-rowindex", number);
      row.item = item;
      this.columns.forEach((one, n) => {
        const cell = row.children[n];
        if (one.fill) one.fill(cell, item);
        else put(one.press ? cell.firstChild : cell, one.show(item));
      });
      this.dress(row, item);
    });
    if (windowed) this.holdWidths();
  }

  /** Columns only ever grow while one scrolls, so that they do not jump. */
  holdWidths() {
    [...this.head.children].forEach((cell, n) => {
      if (cell.offsetWidth > (this.widths[n] ?? 0)) {
        this.widths[n] = cell.offsetWidth;
        cell.style.minWidth = `${cell.offsetWidth}px`;
      }
    });
  }

  row() {
    const row = make("tr");
    row.append(
      ...this.columns.map((one) => {
        const cell = make("td", { class: one.side });
        if (one.press) cell.append(make("button", { type: "button", class: "text", onclick: () => one.press(row.item) }));
        return cell;
      }),
    );
    return row;
  }

  headCell(column) {
    const cell = make("th", { scope: "col", title: column.title, class: column.side });
    if (!column.value) {
      cell.append(column.name || make("span", { class: "unseen" }, column.label ?? "Actions"));
      return cell;
    }
    const press = () => {
      const down = this.sort?.by === column.key ? !this.sort.down : column.side.startsWith("right");
      this.sort = { by: column.key, down };
      this.markSort();
      this.arrange();
    };
    cell.append(make("button", { type: "button", class: "sort", onclick: press }, column.name));
    return cell;
  }

  markSort() {
    this.columns.forEach((one, n) => {
      const cell = this.head.children[n];
      if (this.sort?.by === one.key) cell.setAttribute("aria-sort", this.sort.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  }
}

const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b);

const space = (columns) => make("tbody", { class: "space", "aria-hidden": "true" }, make("tr", {}, make("td", { colspan: columns })));

function pad(body, height) {
  body.hidden = height <= 0;
  body.firstElementChild.firstElementChild.style.height = `${height}px`;
}
