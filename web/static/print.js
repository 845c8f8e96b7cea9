// Buttons that print the page. Hidden without script; the browser's own menu does the same.

export function startPrint(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
