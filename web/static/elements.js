// Small tools for the page's elements. Nothing here ever reads text as HTML.

export const byId = (id) => document.getElementById(id);

/** A new element; `attributes` may hold `class`, `title`, `onclick`... */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** Show `{text, title, kind}` (or a plain text) in a node; touches only what is different. */
export function put(node, shown) {
  const { text, title = "", kind = "" } = typeof shown === "object" ? shown : { text: shown };
  if (node.textContent !== text) node.textContent = text;
  if ((node.title || "") !== title) title ? (node.title = title) : node.removeAttribute("title");
  if (node.dataset.kind !== kind) node.dataset.kind = kind;
}

/**
 * Keep the children of `parent` in step with `items`: one child each, found again by `keyOf`, so that
 * focus, selection and open details survive an update.
 */
export function keep(parent, items, keyOf, create, update) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = known.get(key);
    if (node === undefined) {
      node = create(item);
      node.dataset.key = key;
    }
    known.delete(key);
    update(node, item);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of known.values()) node.remove();
}

/** A table's head; a column is `{name, title, side, show(item)}`, or has `fill(cell, item)`. */
export function head(row, columns) {
  row.replaceChildren(
    ...columns.map((one) =>
      make("th", { scope: "col", title: one.title, class: one.side ?? "right" }, one.name),
    ),
  );
}

/** A table's rows, kept in step with `items`. */
export function rows(body, items, keyOf, columns, dress = () => {}) {
  keep(
    body,
    items,
    keyOf,
    () => make("tr", {}, ...columns.map((one) => make("td", { class: one.side ?? "right" }))),
    (row, item) => {
      columns.forEach((one, n) => {
        const cell = row.children[n];
        if (one.fill) one.fill(cell, item);
        else put(cell, one.show(item));
      });
      dress(row, item);
    },
  );
}
