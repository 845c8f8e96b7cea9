// Buttons that copy a line. Hidden without script, and where the browser does not allow it.

export function startCopy(root) {
  offerCopies(root);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(wordsOf(document.getElementById(button.dataset.copy.slice(1))));
    button.dataset.label ??= button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
  });
}

// What was taken back, and what only a screen reader is told, is not copied.
function wordsOf(element) {
  const words = element.cloneNode(true);
  for (const each of words.querySelectorAll("del, button, .unseen")) each.remove();
  return (element.value ?? words.textContent).trim();
}

export function offerCopies(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}
