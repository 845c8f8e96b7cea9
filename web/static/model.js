// Shows how far the exam has come, without a press. What is new is told once, in a few words.
const EVERY = 2000;
const place = document.querySelector("[data-exam]");
if (place?.hasAttribute("data-sitting")) setTimeout(look, EVERY);

async function look() {
  let html;
  try {
    const response = await fetch("/settings/language-model/exam");
    html = response.ok ? await response.text() : "";
  } catch { html = ""; } // the coach may be stopping; it is looked for again
  if (html) {
    place.innerHTML = html; // our own template, which escapes what it shows
    const bar = place.querySelector("progress");
    const told = document.querySelector("[data-told]");
    const words = bar ? `${bar.value} of ${bar.max} letters are marked.` : "The exam is over.";
    if (told.textContent !== words) told.textContent = words;
    if (!bar) return location.reload(); // level and buttons follow the result
  }
  setTimeout(look, EVERY);
}
