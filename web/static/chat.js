// Sends what is written and shows the reply as it arrives: the card at once, the words under it.
// What people wrote enters the page as text only. Pieces of HTML come from our own templates, which escape it.
import { events } from "./events.js";
import { enhance } from "./forms.js";
import { offerCopies } from "./copy.js";

const READING = "Reading what you wrote";
const PLANNING = "Looking up what may help";
const STOPPED = "Stopped. Your words and the part above are kept.";
const LOST = "The connection broke before the reply was whole.";
const UNREACHED = "The coach cannot be reached just now.";
const KEPT = "Your words are kept.";
const STILL_HERE = "Your words are still here. Start the coach, then try again.";

export function startChat(composer) {
  if (!composer) return;
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
  document.addEventListener("click", (event) => {
    const filler = event.target.closest("[data-fill]");
    const focuser = event.target.closest("[data-focus]");
    if (filler) {
      event.preventDefault();
      box.value = document.querySelector(".sample").textContent.trim();
    }
    if (filler || focuser) {
      event.preventDefault();
      box.focus();
    }
  });

  async function say(text) {
    const turn = newTurn(text);
    running = new AbortController();
    stop.hidden = false;
    send.disabled = true;
    leaveWelcome(text);
    turn.root.scrollIntoView({ block: "start" });
    try {
      await listen(turn, text, running.signal);
    } catch (error) {
      if (error.name === "AbortError") turn.status(STOPPED);
      else turn.fail(turn.started ? LOST : UNREACHED, turn.started ? KEPT : STILL_HERE, () => again(turn, text));
    } finally {
      running = null;
      stop.hidden = true;
      send.disabled = false;
      turn.done();
    }
  }

  function again(turn, text) {
    turn.root.remove();
    say(text);
  }

  async function listen(turn, text, signal) {
    const body = new URLSearchParams(new FormData(composer));
    body.set("text", text);
    const response = await fetch(composer.dataset.stream, { method: "POST", body, signal, headers: { Accept: "text/event-stream" } });
    if (!response.ok) {
      const told = await response.json();
      turn.fail(told.error, told.what_next ?? STILL_HERE, () => again(turn, text));
      return;
    }
    let ended = false;
    for await (const { name, data } of events(response)) {
      if (name === "started") begin(turn, data);
      else if (name === "reading") { turn.put("proposals", data.html); turn.status(PLANNING); }
      else if (name === "plan") turn.put("plan", data.html);
      else if (name === "piece") { turn.status(""); turn.slot("reply").append(data.text); }
      else if (name === "sources") turn.put("sources", data.html);
      else if (name === "finished") {
        ended = true;
        turn.status(data.notice ?? "");
        if (data.plan) turn.put("plan", data.plan.html); // the same plan, in the words a language model found for it
      }
      else if (name === "failed") { ended = true; turn.fail(data.message, KEPT, () => again(turn, text)); }
    }
    if (!ended) throw new Error("cut off");
  }

  function begin(turn, data) {
    turn.started = true;
    turn.root.id = `turn-${data.turn_id}`;
    if (composer.elements.conversation_id) return;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "conversation_id", value: data.conversation_id });
    composer.append(field);
    history.replaceState(null, "", `/conversations/${encodeURIComponent(data.conversation_id)}`);
  }
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

function newTurn(text) {
  const root = document.querySelector("#new-turn").content.firstElementChild.cloneNode(true);
  const slot = (name) => root.querySelector(`[data-slot="${name}"]`);
  document.querySelector("#turns").append(root);
  slot("said").textContent = text;
  slot("reply").setAttribute("aria-busy", "true");
  const turn = {
    root,
    slot,
    started: false,
    status(words) { slot("status").textContent = words; },
    put(name, html) {
      slot(name).innerHTML = html;
      enhance(slot(name));
      offerCopies(slot(name));
    },
    fail(message, kept, retry) {
      const told = document.querySelector("#failed").content.firstElementChild.cloneNode(true);
      told.querySelector('[data-slot="message"]').textContent = message;
      told.querySelector('[data-slot="kept"]').textContent = kept;
      told.querySelector('[data-slot="retry"]').addEventListener("click", retry, { once: true });
      turn.status("");
      slot("failed").replaceChildren(told);
    },
    done() { slot("reply").removeAttribute("aria-busy"); },
  };
  turn.status(READING);
  return turn;
}
