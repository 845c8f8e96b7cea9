// Folds marked data-desk stand open where there is room. On a narrow screen they begin closed and are the reader's.

const NARROW = matchMedia("(max-width: 40rem)");
const BRIEF = document.documentElement.classList.contains("brief"); // the reader asked for less

export function startFolds(root) {
  settle(root);
  NARROW.addEventListener("change", () => { for (const each of document.querySelectorAll("[data-desk]")) each.open = !NARROW.matches && !BRIEF; });
}

export function narrow() {
  return NARROW.matches;
}

export function settle(root) {
  for (const each of root.querySelectorAll("[data-desk]:not([data-settled])")) {
    each.open = !NARROW.matches && !BRIEF;
    each.dataset.settled = "1";
  }
}
