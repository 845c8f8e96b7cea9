// A turn on the page while it arrives: its parts by name, and what can be done when it breaks off.
// What people wrote enters as text only. Pieces of HTML come from our own templates, which escape it.
import { offerCopies } from "./copy.js";
import { narrow } from "./folds.js";
import { enhance } from "./forms.js";

const LEAD = 2; // sentences before the fold of a narrow screen; replies.py counts the same
const ENDS = /[.!?…]["”’')\]]*\s*$/;

export function newTurn(text) {
  const root = made("new-turn");
  const slot = (name) => root.querySelector(`[data-slot="${name}"]`);
  document.querySelector("#turns").append(root);
  slot("said").textContent = text;
  slot("said").hidden = !text;
  slot("reply").setAttribute("aria-busy", "true");
  return {
    root,
    text,
    slot,
    id: "",
    begin(data) {
      this.id = data.turn_id;
      root.id = `turn-${data.turn_id}`;
      slot("reply").id = `reply-${data.turn_id}`;
    },
    status(words) { slot("status").textContent = words; },
    put(name, html) {
      slot(name).innerHTML = html;
      enhance(slot(name));
      offerCopies(slot(name));
    },
    // What was pressed is told. The card that was answered stays under its chips, to change one and go on from there.
    answered() {
      const { told, card } = this.tapped ?? {};
      if (told) {
        const chips = made("tapped");
        chips.querySelector("li").textContent = told;
        const read = slot("read").querySelector(".read-account"); // what a language model read stays under what was pressed
        slot("read").replaceChildren(chips, ...(read ? [read] : []));
      }
      const account = slot("read").querySelector(".account");
      if (!account || !card) return;
      const fold = made("change");
      fold.append(card);
      account.append(fold);
    },
    said: 0, // sentences so far
    say(piece) {
      const words = Object.assign(document.createElement("span"), { textContent: piece });
      if (piece.startsWith("- ")) words.dataset.item = "";
      (this.said < LEAD ? slot("reply") : rest(slot("reply"))).append(words);
      if (ENDS.test(piece)) this.said += 1;
    },
    // What does not hold after all stays to be seen, struck through, with what replaces it.
    strike({ text, instead }) {
      const said = [...slot("reply").querySelectorAll("span:not([class])")].find((each) => each.textContent === text);
      if (!said) return;
      const struck = made("struck");
      struck.querySelector('[data-slot="text"]').textContent = text.trim();
      struck.querySelector('[data-slot="instead"]').textContent = instead;
      if (!instead) struck.querySelector("ins").remove();
      const within = said.closest(".rest");
      said.replaceWith(...struck.childNodes);
      if (within) counted(slot("reply"));
      if (!root.querySelector(".struckword")) slot("reply").after(made("struckword"));
    },
    // While it is read it stands open everywhere; whoever is putting a line right keeps it open.
    openAccount() { for (const each of slot("read").querySelectorAll(".read-account")) each.open = true; },
    foldAccount() {
      const account = slot("read").querySelector(".read-account");
      if (account && narrow() && !account.querySelector("[open]") && !account.contains(document.activeElement)) account.open = false;
    },
    fold() { slot("reply").classList.add("folds"); },
    // The card that was offered meanwhile gives way to the answer: it folds to a line, and goes once there is a plan.
    foldCard() {
      if (!slot("ask").querySelector("form") || slot("ask").querySelector(".meanwhile")) return;
      const fold = made("meanwhile");
      fold.append(...slot("ask").childNodes, ...slot("small").childNodes);
      slot("ask").append(fold);
    },
    putAwayCard() {
      if (slot("ask").querySelector(".meanwhile")) slot("ask").replaceChildren(made("putaway"));
    },
    fail(message, kept, retry) {
      const told = made("failed");
      told.querySelector('[data-slot="message"]').textContent = message;
      told.querySelector('[data-slot="kept"]').textContent = kept;
      told.querySelector('[data-slot="retry"]').addEventListener("click", retry, { once: true });
      this.status("");
      slot("failed").replaceChildren(told);
    },
    stopped(message, retry) {
      this.status(message);
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Try again" });
      button.addEventListener("click", retry, { once: true });
      slot("failed").replaceChildren(button);
    },
    done() {
      slot("reply").removeAttribute("aria-busy");
      if (!this.id || !text || !document.querySelector("#edit")) return; // what was said in a session is mended by saying so
      const edit = made("edit");
      edit.querySelector("textarea").value = text;
      edit.querySelector('[name="replaces"]').value = this.id;
      slot("edit").replaceChildren(edit);
    },
  };
}

// Only what was said last can be said anew.
export function closeEarlier(root) {
  const old = ".edit, [data-slot=failed] > *, form[data-say]:has([name=replaces]), form.askcard, form.doubt, form.held, form.later, .offers form, .account details";
  for (const each of root.querySelectorAll(old)) each.remove();
  for (const line of root.querySelectorAll(".read-line")) line.replaceWith(line.querySelector("summary").textContent);
  for (const hint of root.querySelectorAll(".read-account .hint")) hint.remove();
}

function rest(reply) {
  const there = reply.querySelector(".rest");
  if (there) return there;
  const more = Object.assign(document.createElement("span"), { className: "rest" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link readon", textContent: "Read on" });
  button.setAttribute("aria-expanded", "false");
  reply.append(more, button);
  return more;
}

function counted(reply) {
  reply.querySelector(".readon").textContent = `Read on, ${reply.querySelectorAll(".rest del").length} struck out`;
}

// The rest of an answer is opened, and closed again, where it folds.
export function startReadOn(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest(".readon");
    if (!button) return;
    const whole = button.closest(".reply").classList.toggle("whole");
    button.setAttribute("aria-expanded", String(whole));
    button.dataset.label ??= button.textContent;
    button.textContent = whole ? "Show less" : button.dataset.label;
  });
}

function made(template) {
  return document.querySelector(`#${template}`).content.firstElementChild.cloneNode(true);
}
