// Keys: n notes a moment, / searches, g and a letter opens a page, ? lists them. Never while somebody types.

export function startKeys(root) {
  if (location.hash === "#q") root.querySelector("input[data-search]")?.focus();
  let going = false;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    const place = going && root.querySelector(`.rail a[data-key="${CSS.escape(event.key)}"]`);
    going = event.key === "g";
    if (place) place.click();
    else if (event.key === "n") note(root, event);
    else if (event.key === "/") search(root, event);
    else if (event.key === "?") list(root);
  });
}

function note(root, event) {
  event.preventDefault();
  const box = root.querySelector("[data-note]");
  box?.closest("details")?.setAttribute("open", "");
  if (box) box.focus();
  else location.assign("/log");
}

function search(root, event) {
  event.preventDefault();
  const box = root.querySelector("input[data-search]");
  if (box) box.focus();
  else location.assign("/journal#q");
}

function list(root) {
  const keys = root.querySelector("#keys");
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}
