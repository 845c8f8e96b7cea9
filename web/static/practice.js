// The two exercises under a plan: what somebody could answer to a sentence, and the event from the other side.
// What comes back is made up and lives on the page alone. It enters as text only.
import { tell } from "./forms.js";

const ENDS = /[.!?…]+["”’)]*\s+/g;

export function startPractice(root) {
  root.addEventListener("submit", (event) => {
    if (!event.target.closest(".practice")) return;
    event.preventDefault();
    ask(event.target);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest(".practice button[type=button]");
    const part = button?.closest(".exercise");
    if (!part) return;
    if (button.dataset.answer) answer(part, said(part, button.dataset.answer));
    else if ("take" in button.dataset) take(part.querySelector("textarea"), said(part, "quote"), said(part, "instead"));
    else if ("anew" in button.dataset) begin(part);
  });
}

// One question at a time. The button keeps the focus while it waits, and what was shown stays until the new is there.
async function ask(form) {
  const part = form.closest(".exercise");
  if ("busy" in part.dataset) return;
  const status = form.querySelector(".status");
  const body = { step_id: form.dataset.step };
  if (form.elements.said) Object.assign(body, { said: form.elements.said.value, before: part.dataset.before ?? "", heard: part.dataset.heard ?? "" });
  status.dataset.quiet ??= status.textContent;
  form.querySelector(".problem")?.remove();
  busy(part, true);
  status.textContent = status.dataset.waits;
  try {
    const response = await fetch(form.action, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    const told = await response.json();
    if (!response.ok) throw new Error([told.error, told.what_next, response.status >= 500 && form.dataset.stays].filter(Boolean).join(" "));
    part.dataset.said = body.said ?? "";
    show(part, told);
    status.textContent = `${status.dataset.there} ${status.dataset.quiet}`;
  } catch (error) {
    status.textContent = status.dataset.quiet;
    tell(form, error);
  }
  busy(part, false);
}

function busy(part, on) {
  if (on) part.dataset.busy = "1";
  else delete part.dataset.busy;
  for (const button of part.querySelectorAll("button")) button.ariaDisabled = String(on);
}

function show(part, told) {
  for (const each of part.querySelectorAll("[data-say]")) each.textContent = told[each.dataset.say];
  hide(part, "[data-word]", !told.quote);
  hide(part, "[data-otherwise]", !told.instead);
  hide(part, "[data-holds]", !told.holds);
  hide(part, "[data-fails]", told.holds);
  hide(part, "[data-change]", !told.change);
  hide(part, "[data-shown]", false);
}

function hide(part, what, hidden) {
  const it = part.querySelector(what);
  if (it) it.hidden = hidden;
}

function said(part, name) {
  return part.querySelector(`[data-say="${name}"]`).textContent;
}

// The exercise goes on from one of the answers.
function answer(part, heard) {
  if ("busy" in part.dataset) return;
  round(part, part.dataset.said, heard);
  fill(part.querySelector("textarea"), "");
}

function begin(part) {
  if ("busy" in part.dataset) return;
  round(part, "", "");
  fill(part.querySelector("textarea"), part.querySelector("textarea").defaultValue);
}

function round(part, before, heard) {
  Object.assign(part.dataset, { before, heard });
  part.querySelector("[data-before]").textContent = `“${before}”`;
  part.querySelector("[data-heard]").textContent = `“${heard}”`;
  hide(part, ".sofar", !heard);
  hide(part, "[data-anew]", !heard);
  hide(part, "[data-shown]", true);
  const status = part.querySelector(".status");
  status.textContent = status.dataset.quiet ?? status.textContent;
}

function fill(box, words) {
  box.value = words;
  box.focus();
}

// The sentence that was quoted gives way, as if typed, so that the browser's undo brings it back; else the whole text.
function take(box, quote, words) {
  const at = box.value.toLowerCase().indexOf(quote.toLowerCase());
  const ends = [0, ...[...box.value.matchAll(ENDS)].map((each) => each.index + each[0].length), box.value.length];
  const start = at < 0 ? 0 : ends.findLast((each) => each <= at);
  const end = at < 0 ? box.value.length : ends.find((each) => each >= at + quote.length);
  box.focus();
  box.setSelectionRange(start, end);
  const gap = end < box.value.length ? " " : "";
  if (!document.execCommand("insertText", false, words + gap)) box.setRangeText(words + gap, start, end, "end");
}
