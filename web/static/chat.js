// Sends what is written and shows the reply as it arrives: the card at once, the words under it.
import { events } from "./events.js";
import { narrow } from "./folds.js";
import { startAccount } from "./account.js";
import { markLikely, startAsk } from "./ask.js";
import { closeEarlier, newTurn, startReadOn } from "./turn.js";

const READING = "Looking at what you wrote";
const PLANNING = "Looking up what may help";
const ANSWERING = "Thinking about an answer";
const CHECKING = "I check that nothing in it goes beyond what you told me …";
const LIKELY = "The language model has marked what may be it. Only what you tap counts.";
const TAPPED = "You tapped meanwhile, so the language model was stopped.";
const STOPPED = "Stopped. Your words and the part above are kept.";
const LOST = "The connection broke before the reply was whole.";
const UNREACHED = "The coach cannot be reached just now.";
const KEPT = "Your words are kept.";
const STILL_HERE = "Your words are still here. Start the coach, then try again.";

const UNSENT = "coach.unsent";

const composer = document.querySelector("#composer");
if (composer) { startChat(composer); startAsk(document); startAccount(document); startReadOn(document); }

function startChat(composer) {
  const box = composer.querySelector("textarea");
  const stop = document.querySelector("#stop");
  const send = document.querySelector("#send");
  let running = null;
  if (!box.value) box.value = sessionStorage.getItem(UNSENT) ?? "";
  sessionStorage.removeItem(UNSENT);
  let ended = Promise.resolve();

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
  document.addEventListener("submit", tap);
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

  // Taps are a turn of their own: what was pressed is shown as words, and the answer streams under it.
  // Whoever taps while a language model is still busy has answered: its stream is ended first.
  async function tap(event) {
    const form = event.target.closest("form[data-tap]");
    if (!form) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const told = event.submitter?.dataset.told ?? (form.matches(".later") ? event.submitter?.textContent : "");
    if (running) {
      running.abort(TAPPED);
      await ended;
    }
    say("", undefined, body, told ? { told } : { card: form });
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

  function say(...given) {
    ended = saying(...given);
  }

  async function saying(text, replaces, taps, tapped) {
    closeEarlier(document.querySelector("#turns"));
    const turn = newTurn(text);
    turn.tapped = tapped;
    turn.status(READING);
    const talk = running = new AbortController();
    stop.hidden = false;
    send.disabled = true;
    if (!taps) leaveWelcome(text);
    turn.root.scrollIntoView({ block: "start" });
    try {
      await listen(turn, replaces, talk.signal, taps);
    } catch (error) {
      if (error === TAPPED) turn.status(TAPPED);
      else if (error.name === "AbortError") turn.stopped(STOPPED, () => again(turn, replaces, taps));
      else turn.fail(turn.id ? LOST : UNREACHED, turn.id ? KEPT : STILL_HERE, () => again(turn, replaces, taps));
    } finally {
      running = null;
      stop.hidden = true;
      send.disabled = false;
      turn.done();
    }
  }

  function again(turn, replaces, taps) {
    turn.root.remove();
    if (taps) say("", undefined, taps, turn.tapped);
    else say(turn.text, turn.id || replaces);
  }

  async function listen(turn, replaces, signal, taps) {
    const body = taps ?? new URLSearchParams(new FormData(composer));
    if (!taps) body.set("text", turn.text);
    if (replaces) body.set("replaces", replaces);
    const response = await fetch(taps ? composer.dataset.taps : composer.dataset.stream, { method: "POST", body, signal, headers: { Accept: "text/event-stream" } });
    if (!response.ok) {
      const told = await response.json();
      if (response.status === 401 && !taps) sessionStorage.setItem(UNSENT, turn.text); // the way in may be taken in this very tab
      turn.fail(told.error, told.what_next ?? STILL_HERE, () => again(turn, replaces, taps));
      return;
    }
    let ended = false;
    let moved = false;
    for (const by of ["wheel", "touchmove", "keydown"]) addEventListener(by, () => { moved = true; }, { once: true, passive: true, signal });
    for await (const { name, data } of events(response)) {
      ended = name === "finished" || name === "failed";
      take(turn, name, data);
      const wanted = taps ? turn.root : !narrow() ? null : turn.written ? turn.slot("read") : turn.asked ? turn.slot("reply") : null;
      if (wanted && !moved) wanted.scrollIntoView({ block: "start" }); // there was nothing to scroll to before
    }
    if (!ended) throw new Error("cut off");
  }

  function take(turn, name, data) {
    if (name === "started") begin(turn, data);
    else if (name === "reading") read(turn, data);
    else if (name === "ask") { turn.asked = true; turn.put("ask", data.html); startAsk(turn.root); }
    else if (name === "doubt") turn.put("ask", data.html);
    else if (name === "plan") planned(turn, data);
    else if (name === "piece") said(turn, data);
    else if (name === "part") part(turn, data);
    else if (name === "sources") { turn.put("sources", data.html); turn.put("message", data.message ?? ""); turn.put("later", data.later ?? ""); turn.put("offers", data.offers ?? ""); }
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

// What was pressed is told at once; what a language model read comes as chips while it goes on.
function read(turn, data) {
  turn.written = data.level === "plans";
  turn.put("proposals", data.html);
  turn.put("read", data.read);
  turn.answered();
  if (turn.written) turn.openAccount();
  turn.status(turn.written ? ANSWERING : PLANNING);
}

// The answer comes: what was shown while it was thought about folds to a line, where room is short.
function said(turn, { text }) {
  turn.status("");
  if (turn.written) turn.foldCard();
  if (turn.written && !turn.said) turn.foldAccount();
  turn.say(text);
}

function planned(turn, data) {
  if (data.small) return turn.put("small", data.html);
  turn.putAwayCard();
  turn.put("plan", data.html);
  turn.slot("plan").querySelector("[data-moments]")?.append(...turn.slot("proposals").childNodes); // right under the first step
  turn.fold();
}

function part(turn, { name, value }) {
  if (name === "status") turn.status(CHECKING);
  else if (name === "likely") { turn.likely = markLikely(turn.root, value); if (turn.likely) turn.status(LIKELY); }
  else if (name === "struck") turn.strike(value);
  else if (name === "notice") turn.status(value);
}

function finish(turn, data) {
  if (data.notice || !turn.likely) turn.status(data.notice ?? "");
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
