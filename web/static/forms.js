// Forms marked data-part are sent without leaving the page; the answer takes the form's place.

export function startForms(root) {
  enhance(root);
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-part]")) form.addEventListener("submit", submit);
}

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const place = form.parentElement;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "1" } });
    if (!response.ok) throw new Error((await response.json()).error);
    place.innerHTML = await response.text();
    place.firstElementChild.focus();
  } catch (error) {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    tell(form, error);
  }
}

function tell(form, error) {
  const line = form.querySelector(".problem") ?? form.appendChild(document.createElement("p"));
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = error instanceof TypeError ? "The coach cannot be reached just now. Nothing was lost; try again." : error.message;
}
