// A session's talk: sends an answer and shows what the coach says as it arrives, then the phase and what comes next.
// Skip, back, later and stop are plain forms, and so is what is offered to be kept; a choice is said like an answer. After trouble the page asks where the session stands before anything is sent again.
import { events } from "./events.js";
import { newTurn } from "./turn.js";

const READING = "Reading your answer";
const STOPPED = "Stopped.";
const LOST = "The connection broke before the reply was whole.";
const UNREACHED = "The coach cannot be reached just now.";
const KEPT = "Nothing is lost.";
const UNSENT = "This was not sent:";

if (document.querySelector("#rest")) start();

function start() {
  let running = null;
  document.addEventListener("submit", (event) => {
    const tapped = "say" in event.target.dataset;
    if ((event.target.id !== "talk" && !tapped) || event.submitter?.name === "move") return;
    event.preventDefault();
    const form = document.querySelector("#talk");
    const text = (tapped ? event.submitter : form.elements.text).value.trim();
    if (text && !running) say(form, text);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "answer" || event.key !== "Enter" || event.isComposing) return;
    const fine = matchMedia("(pointer: fine)").matches;
    if (!(event.ctrlKey || event.metaKey || (fine && !event.shiftKey))) return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("#send"));
  });
  document.addEventListener("click", (event) => {
    if (event.target.id === "stop") running?.abort();
  });
  if (location.hash === "#now") addEventListener("load", () => setTimeout(arrive));

  async function say(form, text) {
    const turn = newTurn(text);
    turn.status(READING);
    running = new AbortController();
    form.elements.text.value = "";
    busy(form, true);
    turn.root.scrollIntoView({ block: "start" });
    try {
      await listen(form, turn, running.signal);
    } catch (error) {
      const words = error.name === "AbortError" ? STOPPED : turn.id ? LOST : UNREACHED;
      turn.fail(words, KEPT, () => stand(text));
    } finally {
      running = null;
      turn.done();
      const left = document.querySelector("#talk");
      if (left) busy(left, false);
    }
  }

  async function listen(form, turn, signal) {
    const body = new URLSearchParams({ text: turn.text });
    const response = await fetch(form.dataset.stream, { method: "POST", body, signal, headers: { Accept: "text/event-stream" } });
    if (!response.ok) {
      const told = await response.json();
      return turn.fail(told.error, told.what_next ?? KEPT, () => stand(turn.text));
    }
    let ended = false;
    for await (const { name, data } of events(response)) {
      ended = name === "finished" || name === "failed";
      if (name === "started") turn.begin(data);
      else if (name === "piece") { turn.status(""); turn.say(data.text); }
      else if (name === "sources") turn.put("sources", data.html);
      else if (name === "finished") finish(turn, data);
      else if (name === "failed") turn.fail(data.message, KEPT, () => stand(turn.text));
    }
    if (!ended) throw new Error("cut off");
  }
}

// A browser that goes to a place in the page takes the focus from the box, so it is given back once it is there.
function arrive() {
  document.querySelector("#now")?.scrollIntoView({ block: "start" });
  first()?.focus({ preventScroll: true });
}

// What waits: the day that is to be tapped, or "keep", where something is offered; a blank of the sentence; else the box.
function first() {
  return ["#offer .chips button", ".frame input", "#answer"].map((it) => document.querySelector(it)).find(Boolean);
}

function busy(form, on) {
  form.querySelector("#stop").hidden = !on;
  for (const button of document.querySelectorAll("#rest button:not(#stop)")) button.disabled = on;
}

function finish(turn, data) {
  turn.status(data.notice ?? "");
  document.querySelector("#now")?.removeAttribute("id");
  turn.slot("reply").id = "now";
  document.querySelector("#phases").innerHTML = data.phases;
  const rest = document.querySelector("#rest");
  turn.root.scrollIntoView({ block: "start" });
  const typed = draft();
  rest.innerHTML = data.rest;
  giveBack(typed);
  if (data.goes_on) return void (typed ? document.querySelector("#answer") : first()).focus({ preventScroll: true });
  const head = rest.querySelector("h2");
  head.tabIndex = -1;
  head.focus({ preventScroll: true });
}

// What was typed while the reply came in: the box is made anew with every reply, and must not take it along.
function draft() {
  return document.querySelector("#answer")?.value.trim() ?? "";
}

function giveBack(typed) {
  if (!typed) return;
  const box = document.querySelector("#answer") ?? document.querySelector("#more");
  if (box) return void (box.value = [box.value, typed].filter(Boolean).join("\n"));
  document.querySelector("#rest").prepend(Object.assign(document.createElement("p"), { className: "note", textContent: `${UNSENT} ${typed}` }));
}

// Shows the session as it is kept now; an answer that was not taken goes back into the box.
async function stand(text) {
  const typed = draft();
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return void location.reload();
  const now = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const name of ["phases", "turns", "rest"]) document.querySelector(`#${name}`).replaceChildren(...now.querySelector(`#${name}`).childNodes);
  const said = [...document.querySelectorAll("#turns .said")].at(-1)?.textContent.trim();
  const box = document.querySelector("#answer");
  if (box && said !== text) box.value = text;
  giveBack(typed);
  box?.focus();
}
