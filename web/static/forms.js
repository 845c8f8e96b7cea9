// Forms marked data-part are sent without leaving the page; the answer takes the form's place, or that of the element
// around it which data-part names.
import { offerCopies } from "./copy.js";
import { settle } from "./folds.js";

export function startForms(root) {
  enhance(root);
}

export function enhance(root) {
  settle(root);
  for (const form of root.querySelectorAll("form[data-part]")) form.addEventListener("submit", submit);
}

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const place = (form.dataset.part ? form.closest(form.dataset.part) : form).parentElement;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  try {
    const action = event.submitter?.getAttribute("formaction") ?? form.action; // a form may have a second way
    const response = await fetch(action, { method: "POST", body, headers: { "X-Part": "1" } });
    if (!response.ok) throw new Error((await response.json()).error);
    put(place, await response.text());
    place.dispatchEvent(new CustomEvent("sent", { bubbles: true })); // the form itself is gone
  } catch (error) {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    if (error instanceof TypeError && !form.dispatchEvent(new CustomEvent("unreached", { bubbles: true, cancelable: true }))) return;
    tell(form, error);
  }
}

// Puts a piece of HTML from our own templates into a place, with its forms and buttons awake and the focus in it.
export function put(place, html) {
  place.innerHTML = html;
  enhance(place);
  offerCopies(place);
  (place.querySelector("[data-first]") ?? place.firstElementChild)?.focus();
}

export function tell(form, error) {
  const line = form.querySelector(".problem") ?? form.appendChild(document.createElement("p"));
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = error instanceof TypeError ? "The coach cannot be reached just now. Nothing was lost; try again." : error.message;
}
