// The page to note a moment on: words are read without leaving it, and what the coach could not take waits.
import { put, tell } from "./forms.js";
import * as queue from "./queue.js";

export function startLog() {
  const form = document.querySelector("#log");
  if (form) startNoting(form);
  const away = document.querySelector("#away");
  if (away) startAway(away);
  settle();
  addEventListener("online", settle);
}

// What is complete goes in by itself, from whatever page is open; the rest is listed where moments are noted.
async function settle() {
  if (new URLSearchParams(location.search).get("done") === "forget") { queue.clear(); sessionStorage.clear(); }
  if (!queue.waiting().length) return;
  const taken = await queue.sync();
  list(taken);
}

function startNoting(form) {
  const box = form.querySelector("textarea");
  const records = document.querySelector("#records");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await read(form, records, new URLSearchParams(new FormData(form)));
  });
  box.addEventListener("keydown", (event) => {
    const fine = matchMedia("(pointer: fine)").matches;
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || !fine) return;
    event.preventDefault();
    form.requestSubmit();
  });
  records.addEventListener("submit", (event) => {
    const senders = event.target.closest(".senders");
    if (!senders) return;
    event.preventDefault();
    read(form, records, new URLSearchParams(new FormData(senders, event.submitter)));
  });
  records.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) leave(event.target.closest("li"), box);
  });
  records.addEventListener("sent", () => {
    const entry = form.dataset.waiting;
    if (entry) queue.drop(entry);
    delete form.dataset.waiting;
    box.value = "";
    if (!records.querySelector(".record")) for (const each of records.querySelectorAll("h2, .senders, h2 + p")) each.remove();
  });
  records.addEventListener("unreached", (event) => {
    const given = Object.fromEntries(new FormData(event.target));
    if (!("channel" in given)) return; // a promise is no moment: it stays on the page, to be sent again
    const at = new Date(given.day ? `${given.day}T12:00:00` : Date.now()).toISOString();
    queue.add({ what: given.what, who: given.who, by: given.by, channel: given.channel, landed: given.landed, id: given.id, at });
    event.preventDefault();
    say(event.target.parentElement, "The coach cannot be reached. This waits in this browser and moves to the journal when the coach is back.");
    box.value = "";
  });
}

async function read(form, records, body) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "1" } });
    if (!response.ok) throw new Error((await response.json()).error);
    put(records, await response.text());
    for (const each of records.querySelectorAll("[data-leave]")) each.hidden = false;
    form.querySelector(".problem")?.remove();
  } catch (error) {
    if (!(error instanceof TypeError)) return void tell(form, error);
    queue.add({ what: body.get("text") });
    form.reset();
    say(records, "The coach cannot be reached. Your words wait in this browser until it is back.");
  } finally {
    button.disabled = false;
  }
}

function leave(item, box) {
  const list = item.parentElement;
  item.remove();
  if (list.children.length) return void list.querySelector("[data-first]")?.focus();
  list.parentElement.replaceChildren();
  box.focus();
}

function say(place, words) {
  const line = Object.assign(document.createElement("p"), { className: "note", textContent: words, tabIndex: -1 });
  line.setAttribute("role", "status");
  place.replaceChildren(line);
  line.focus();
}

function startAway(form) {
  const told = document.querySelector("#away-told");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queue.add(Object.fromEntries(new FormData(form)));
    form.reset();
    told.hidden = false;
    told.textContent = `Kept in this browser. ${queue.waiting().length} waiting.`;
    form.querySelector("textarea").focus();
  });
}

function list(taken) {
  const section = document.querySelector("#waiting");
  if (!section) return;
  const left = queue.waiting().filter((each) => !queue.complete(each));
  section.hidden = !left.length && !taken;
  section.querySelector(".lines").replaceChildren(...left.map(item));
  if (taken) section.querySelector("h2").textContent = `${taken} ${taken === 1 ? "moment" : "moments"} moved to the journal`;
  section.querySelector("p").hidden = !left.length;
}

function item(entry) {
  const one = document.querySelector("#waiting-one").content.firstElementChild.cloneNode(true);
  const form = document.querySelector("#log");
  one.querySelector(".what").textContent = entry.what;
  one.querySelector("[data-read]").addEventListener("click", () => {
    form.dataset.waiting = entry.id;
    form.querySelector("textarea").value = entry.who && !entry.what.includes(entry.who) ? `${entry.who}: ${entry.what}` : entry.what;
    one.remove();
    form.requestSubmit();
  });
  one.querySelector("[data-drop]").addEventListener("click", () => { queue.drop(entry.id); one.remove(); });
  return one;
}
