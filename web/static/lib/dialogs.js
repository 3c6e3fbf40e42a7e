// The question before something that trades, and the drawer that shows one thing in full.

import { byId, put } from "./elements.js";

/** Whether a person says yes. `text` may hold line breaks. */
export function confirmed(title, text, yes) {
  const dialog = byId("confirm");
  put(byId("confirm-title"), title);
  put(byId("confirm-text"), text);
  put(byId("confirm-yes"), yes);
  return new Promise((resolve) => {
    byId("confirm-yes").onclick = () => dialog.close("yes");
    byId("confirm-no").onclick = () => dialog.close("no");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "no";
    dialog.showModal();
    byId("confirm-no").focus();
  });
}

/** The question's text follows the figures while it is open. */
export const confirmText = (text) => put(byId("confirm-text"), text);

let onClosed = () => {};

/** Open the drawer, empty; returns its body. `closed` is called when it goes, however it goes. */
export function drawer(title, closed = () => {}) {
  const dialog = byId("drawer");
  if (dialog.open) onClosed();
  onClosed = closed;
  put(byId("drawer-title"), title);
  byId("drawer-body").replaceChildren();
  byId("drawer-close").onclick = () => dialog.close();
  dialog.onclose = () => {
    onClosed();
    onClosed = () => {};
  };
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  if (!dialog.open) dialog.showModal();
  return byId("drawer-body");
}
