// The ask card: answered questions fold to a line, a person's own rows follow the choice, events can be searched.
// Nothing here establishes anything; what is pressed goes with the form, and until then stays in this tab.

const STEPS = "details.q";

export function startAsk(root) {
  for (const card of root.querySelectorAll("form.askcard")) wake(card);
}

function wake(card) {
  if (card.dataset.awake) return;
  card.dataset.awake = "1";
  const search = card.querySelector("[data-search]");
  search.hidden = false;
  for (const button of card.querySelectorAll("[data-next]")) {
    button.hidden = false;
    button.addEventListener("click", () => next(button.closest(STEPS)));
  }
  card.addEventListener("change", (event) => changed(card, event.target));
  card.addEventListener("click", (event) => { if (event.detail) pointed(event.target); });
  card.addEventListener("keydown", enter);
  search.querySelector("input").addEventListener("input", later(() => find(card, search.querySelector("input").value)));
  restore(card);
  named(card);
  for (const step of card.querySelectorAll(STEPS)) {
    summarise(step);
    step.addEventListener("toggle", () => keep(card));
  }
  card.addEventListener("input", () => keep(card));
  card.addEventListener("submit", () => sessionStorage.removeItem(card.dataset.keep));
}

// A reload must not cost anybody what they have pressed.
function keep(card) {
  if (!card.dataset.keep || !card.isConnected) return;
  const pressed = [...card.querySelectorAll("input:checked")].map((each) => [each.name, each.value]);
  const open = [...card.querySelectorAll(STEPS)].findIndex((step) => step.open);
  const kept = { pressed, open, typed: card.querySelector('[name="who_name"]').value };
  sessionStorage.setItem(card.dataset.keep, JSON.stringify(kept));
}

function restore(card) {
  const kept = JSON.parse(sessionStorage.getItem(card.dataset.keep) ?? "null");
  if (!kept) return;
  const press = (wanted) => {
    for (const [name, value] of kept.pressed.filter(wanted)) {
      for (const each of card.querySelectorAll(`[name="${name}"][value="${CSS.escape(value)}"]`)) each.checked = true;
    }
  };
  press(([name]) => name !== "first");
  wants(card);
  firsts(card);
  press(([name]) => name === "first");
  card.querySelector('[name="who_name"]').value = kept.typed;
  card.querySelectorAll(STEPS).forEach((step, n) => { step.open = n === kept.open; });
}

// Enter presses the chip it stands on, as Space does; only the button makes the plan.
function enter(event) {
  if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  if (["radio", "checkbox"].includes(event.target.type)) event.target.click();
  else if (event.target.name === "who_name") next(event.target.closest(STEPS));
}

// A finger that chose is done with the question; arrow keys only pass by.
function pointed(field) {
  if (field.type === "radio" && field.name === "standing") next(field.closest(STEPS));
}

function changed(card, field) {
  if (field.name === "who") { named(card); rows(card, field); }
  if (field.name === "event") { same(card, field); wants(card); firsts(card); }
  for (const each of card.querySelectorAll(STEPS)) summarise(each);
}

// Somebody who is not on the card is typed; the field for it is there only then.
function named(card) {
  const other = card.querySelector('[name="who"][value="other"]').checked;
  card.querySelector(".named").hidden = !other;
}

// What the words of a choice say of themselves ("my boss" is above) is pressed with it, and can be changed.
function rows(card, field) {
  for (const [name, value] of [["number", field.dataset.number], ["standing", field.dataset.standing]]) {
    for (const each of card.querySelectorAll(`[name="${name}"]`)) each.checked = Boolean(value) && each.value === value;
  }
}

// One event may stand among the likeliest and in its group: pressed in one place, it is pressed in both.
function same(card, field) {
  for (const each of card.querySelectorAll(`[name="event"][value="${CSS.escape(field.value)}"]`)) each.checked = field.checked;
}

// Lines that a language model finds likely are marked and come first. Pressing them stays with whoever reads.
export function markLikely(root, ids) {
  const card = root.querySelector("form.askcard");
  const place = card?.querySelector("[data-lines]");
  if (!place) return 0;
  const found = ids.map((id) => card.querySelector(`[name="event"][value="${CSS.escape(id)}"]`)?.closest(".line")).filter(Boolean);
  for (const line of found) {
    const mark = Object.assign(document.createElement("small"), { className: "likely", textContent: "may be it" });
    line.querySelector(".chip span").append(" ", mark);
  }
  const lines = found.map((line) => (line.parentElement === place ? line : line.cloneNode(true)));
  if (!place.contains(document.activeElement)) place.prepend(...lines);
  return lines.length;
}

function picked(card) {
  const found = new Map();
  for (const each of card.querySelectorAll('[name="event"]:checked')) if (!found.has(each.value)) found.set(each.value, each);
  return [...found.values()];
}

function wants(card) {
  const events = picked(card);
  const fit = new Set(events.flatMap((each) => each.dataset.wants.split(" ")));
  for (const each of card.querySelectorAll('[name="want"]')) each.closest(".chip").hidden = events.length > 0 && !fit.has(each.value) && !each.checked;
}

// Which came first is asked where both sides acted.
function firsts(card) {
  const events = picked(card);
  const place = card.querySelector("[data-first-of]");
  const both = events.some((each) => each.dataset.doer === "me") && events.some((each) => each.dataset.doer === "them");
  place.hidden = !both;
  const chips = events.map((each) => {
    const label = Object.assign(document.createElement("label"), { className: "chip wide" });
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "first", value: each.value });
    const words = document.createElement("span");
    words.textContent = each.parentElement.textContent.trim();
    label.append(radio, words);
    return label;
  });
  place.querySelector("[data-firsts]").replaceChildren(...(both ? chips : []));
}

function summarise(step) {
  const words = [...new Set([...step.querySelectorAll("input:checked")].map((each) => each.parentElement.textContent.trim()))];
  const typed = step.querySelector('[name="who_name"]');
  if (typed && !typed.closest(".named").hidden && typed.value.trim()) words.unshift(typed.value.trim());
  step.querySelector("[data-picked]").textContent = words.filter((word) => word !== "Somebody else").join(" · ");
}

function next(step) {
  const steps = [...step.parentElement.querySelectorAll(STEPS)];
  const after = steps[steps.indexOf(step) + 1];
  if (!after) return;
  after.open = true;
  const summary = after.querySelector("summary");
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "nearest" });
}

async function find(card, words) {
  const place = card.querySelector("[data-lines]");
  for (const each of place.querySelectorAll("[data-found]")) if (!each.querySelector(":checked")) each.remove();
  if (words.trim().length < 3) return;
  const response = await fetch(`/api/events?q=${encodeURIComponent(words.trim())}`);
  if (!response.ok) return;
  const there = new Set([...place.querySelectorAll('[name="event"]')].map((each) => each.value));
  for (const each of (await response.json()).events.slice(0, 6)) if (!there.has(each.id)) place.append(line(each));
}

function line(event) {
  const root = Object.assign(document.createElement("div"), { className: "line" });
  root.dataset.found = "1";
  const label = Object.assign(document.createElement("label"), { className: "chip wide" });
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "event", value: event.id });
  box.dataset.wants = event.wants.join(" ");
  box.dataset.doer = event.from ?? "";
  const words = document.createElement("span");
  words.textContent = event.chip;
  label.append(box, words);
  root.append(label);
  return root;
}

function later(work, wait = 250) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
}
