// Sends what is written and shows the reply as it arrives: the card at once, the words under it.
import { events } from "./events.js";
import { closeEarlier, newTurn } from "./turn.js";

const READING = "Reading what you wrote";
const PLANNING = "Looking up what may help";
const STOPPED = "Stopped. Your words and the part above are kept.";
const LOST = "The connection broke before the reply was whole.";
const UNREACHED = "The coach cannot be reached just now.";
const KEPT = "Your words are kept.";
const STILL_HERE = "Your words are still here. Start the coach, then try again.";

const composer = document.querySelector("#composer");
if (composer) startChat(composer);

function startChat(composer) {
  const box = composer.querySelector("textarea");
  const stop = document.querySelector("#stop");
  const send = document.querySelector("#send");
  let running = null;

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || running) return;
    box.value = "";
    say(text);
  });
  box.addEventListener("keydown", (event) => {
    const fine = matchMedia("(pointer: fine)").matches;
    const wants = event.key === "Enter" && !event.isComposing && (event.ctrlKey || event.metaKey || (fine && !event.shiftKey));
    if (!wants) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  stop.addEventListener("click", () => running?.abort());
  document.addEventListener("submit", sayFrom);
  document.addEventListener("click", fill);

  // Corrections, edits and second tries are forms of their own; here their words go the composer's way.
  function sayFrom(event) {
    const form = event.target.closest("form[data-say]");
    if (!form) return;
    event.preventDefault();
    const text = form.elements.text.value.trim();
    if (!text || running) return;
    const replaces = form.elements.replaces?.value;
    if (replaces) form.closest(".turn").remove();
    else form.reset();
    say(text, replaces);
  }

  function fill(event) {
    const filler = event.target.closest("[data-fill], [data-words]");
    const focuser = event.target.closest("[data-focus]");
    if (!filler && !focuser) return;
    event.preventDefault();
    if (filler) box.value = filler.dataset.words ?? document.querySelector(filler.dataset.fill).textContent.trim();
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  async function say(text, replaces) {
    closeEarlier(document.querySelector("#turns"));
    const turn = newTurn(text);
    turn.status(READING);
    running = new AbortController();
    stop.hidden = false;
    send.disabled = true;
    leaveWelcome(text);
    turn.root.scrollIntoView({ block: "start" });
    try {
      await listen(turn, replaces, running.signal);
    } catch (error) {
      if (error.name === "AbortError") turn.stopped(STOPPED, () => again(turn, replaces));
      else turn.fail(turn.id ? LOST : UNREACHED, turn.id ? KEPT : STILL_HERE, () => again(turn, replaces));
    } finally {
      running = null;
      stop.hidden = true;
      send.disabled = false;
      turn.done();
    }
  }

  function again(turn, replaces) {
    turn.root.remove();
    say(turn.text, turn.id || replaces);
  }

  async function listen(turn, replaces, signal) {
    const body = new URLSearchParams(new FormData(composer));
    body.set("text", turn.text);
    if (replaces) body.set("replaces", replaces);
    const response = await fetch(composer.dataset.stream, { method: "POST", body, signal, headers: { Accept: "text/event-stream" } });
    if (!response.ok) {
      const told = await response.json();
      turn.fail(told.error, told.what_next ?? STILL_HERE, () => again(turn, replaces));
      return;
    }
    let ended = false;
    for await (const { name, data } of events(response)) {
      ended = name === "finished" || name === "failed";
      take(turn, name, data);
    }
    if (!ended) throw new Error("cut off");
  }

  function take(turn, name, data) {
    if (name === "started") begin(turn, data);
    else if (name === "reading") { turn.put("proposals", data.html); turn.put("read", data.read); turn.status(PLANNING); }
    else if (name === "plan") turn.put("plan", data.html);
    else if (name === "piece") { turn.status(""); turn.say(data.text); }
    else if (name === "sources") { turn.put("sources", data.html); turn.put("message", data.message ?? ""); }
    else if (name === "finished") finish(turn, data);
    else if (name === "failed") turn.fail(data.message, KEPT, () => again(turn));
  }

  function begin(turn, data) {
    turn.begin(data);
    const there = composer.elements.conversation_id;
    if (there) return;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "conversation_id", value: data.conversation_id });
    composer.append(field);
    history.replaceState(null, "", `/conversations/${encodeURIComponent(data.conversation_id)}`);
  }
}

function finish(turn, data) {
  turn.status(data.notice ?? "");
  if (data.plan) turn.put("plan", data.plan.html); // the same plan, in the words a language model found for it
  if (data.read) turn.put("read", data.read);
  turn.put("tools", data.tools);
}

function leaveWelcome(text) {
  const main = document.querySelector("main");
  if (!main.classList.contains("fresh")) return;
  main.classList.remove("fresh");
  for (const gone of main.querySelectorAll(".starter, .recent")) gone.remove();
  const title = Object.assign(document.createElement("h1"), { className: "unseen", textContent: shortened(text) });
  main.querySelector(".welcome").replaceWith(title);
  document.title = title.textContent;
  const box = main.querySelector("textarea#text");
  box.rows = 1;
  box.placeholder = "Say more, or correct it";
}

function shortened(text) {
  return text.length > 60 ? `${text.slice(0, 60).replace(/\s+\S*$/, "")} …` : text;
}
