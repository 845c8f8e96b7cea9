// Chips of what was read: more lines that may stand in the place of one are searched when it is opened.

export function startAccount(root) {
  root.addEventListener("toggle", (event) => { if (event.target.matches?.(".read-line[open]")) opened(event.target); }, true);
  root.addEventListener("input", (event) => { if (event.target.closest("[data-more-lines]")) soon(event.target); });
  root.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.closest("[data-more-lines]")) event.preventDefault(); });
}

function opened(line) {
  const more = line.querySelector("[data-more-lines]");
  if (!more) return;
  more.hidden = false;
  const field = more.querySelector("input");
  if (!line.querySelector("[data-rather] button")) find(field, field.dataset.words);
}

let timer = 0;
function soon(field) {
  clearTimeout(timer);
  timer = setTimeout(() => find(field, field.value), 250);
}

async function find(field, words) {
  const place = field.closest("form").querySelector("[data-rather]");
  for (const each of place.querySelectorAll("[data-found]")) each.remove();
  if (words.trim().length < 3) return;
  const response = await fetch(`/api/events?q=${encodeURIComponent(words.trim().slice(0, 400))}`);
  if (!response.ok) return;
  const there = new Set([...place.querySelectorAll("button")].map((each) => each.value));
  for (const { id, chip } of (await response.json()).events.slice(0, 4)) if (!there.has(id)) place.append(button(id, chip));
}

function button(id, chip) {
  const made = Object.assign(document.createElement("button"), { name: "event", value: id, className: "plain small", textContent: chip });
  Object.assign(made.dataset, { told: `Rather: ${chip}`, found: "1" });
  return made;
}
