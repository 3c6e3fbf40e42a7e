// Small tools for a page's elements. Nothing here ever reads text as HTML.

export const byId = (id) => document.getElementById(id);

/** A new element; `attributes` may hold `class`, `title`, `onclick`... Children that are null are left out. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** Show `{text, title, kind}` (or a plain text) in a node; touches only what is different. */
export function put(node, shown) {
  const { text, title = "", kind = "" } = shown !== null && typeof shown === "object" ? shown : { text: shown };
  if (node.textContent !== text) node.textContent = text;
  if ((node.title || "") !== title) title ? (node.title = title) : node.removeAttribute("title");
  if ((node.dataset.kind ?? "") !== kind) kind ? (node.dataset.kind = kind) : delete node.dataset.kind;
}

/** A node that shows `{text, title, kind}`. */
export function shown(tag, value, attributes = {}) {
  const node = make(tag, attributes);
  put(node, value);
  return node;
}

/**
 * Keep the children of `parent` in step with `items`: one child each, found again by `keyOf`, so that
 * focus, selection and open details survive an update.
 */
export function keep(parent, items, keyOf, create, update = () => {}) {
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

/**
 * Figures in a `<dl class="figures">`, kept in step: `[{name, title, value, aside}]`, where value and
 * aside are `{text, title, kind}`.
 */
export function figures(list, items) {
  keep(
    list,
    items,
    (one) => one.name,
    (one) => make("div", {}, make("dt", { title: one.title }, one.name), make("dd"), make("dd", { class: "aside" })),
    (node, one) => {
      put(node.children[1], one.value);
      put(node.children[2], one.aside ?? "");
    },
  );
}

/** One of a few, as radio buttons: `[[value, text, title]]`; calls `onChoice(value)` when changed. */
export function choice(node, name, options, chosen, onChoice) {
  node.classList.add("choice");
  node.setAttribute("role", "radiogroup");
  node.replaceChildren(
    ...options.map(([value, text, title]) =>
      make(
        "label",
        { title },
        make("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onChoice(value) }),
        text,
      ),
    ),
  );
}
