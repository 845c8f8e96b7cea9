// A turn on the page while it arrives: its parts by name, and what can be done when it breaks off.
// What people wrote enters as text only. Pieces of HTML come from our own templates, which escape it.
import { offerCopies } from "./copy.js";
import { enhance } from "./forms.js";

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
        slot("read").replaceChildren(made("tapped"));
        slot("read").querySelector("li").textContent = told;
      }
      const account = slot("read").querySelector(".account");
      if (!account || !card) return;
      const fold = made("change");
      fold.append(card);
      account.append(fold);
    },
    say(piece) { slot("reply").append(piece); },
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
  const old = ".edit, [data-slot=failed] > *, form[data-say]:has([name=replaces]), form.askcard, form.doubt, form.held, form.later, .account details";
  for (const each of root.querySelectorAll(old)) each.remove();
}

function made(template) {
  return document.querySelector(`#${template}`).content.firstElementChild.cloneNode(true);
}
