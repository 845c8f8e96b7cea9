// A message as it is written: what may land badly is marked while somebody types, and put otherwise by one click.
// Offsets from the server count characters (code points), not JavaScript's units.

const PAUSE = 350;

const message = document.querySelector("#message");
if (message) startMessages(message);

function startMessages(form) {
  const box = form.querySelector("textarea");
  const looked = form.querySelector("#looked");
  let timer = 0;
  let round = 0;

  form.querySelector("#look").hidden = true;
  form.querySelector(".marked-text")?.remove();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    links(form, box.value);
    paint(form, box.value, []);
    timer = setTimeout(look, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    const how = event.submitter?.value;
    if (!["shorter", "warmer", "plainer", "look"].includes(how)) return;
    event.preventDefault();
    if (how === "look") look();
    else vary(how);
  });
  if (box.value) look();
  links(form, box.value);

  async function look() {
    const now = ++round;
    const text = box.value;
    links(form, text);
    const told = await ask("/api/messages/lint", { text, purpose: form.elements.purpose.value, channel: form.elements.channel.value, draft_id: form.elements.draft_id?.value });
    if (!told || now !== round || text !== box.value) return;
    paint(form, text, told.warnings);
    list(text, told.warnings);
    form.querySelector("#better").hidden = !told.better_said || !text.trim();
    shares(form, told.share);
    keep(text);
  }

  async function keep(text) {
    const id = form.elements.draft_id?.value;
    if (!id || !text.trim()) return;
    const body = { text, purpose: form.elements.purpose.value, channel: form.elements.channel.value };
    await ask(`/api/drafts/${encodeURIComponent(id)}`, body, "PATCH");
  }

  async function vary(how) {
    const told = await ask("/api/messages/vary", { text: box.value, purpose: form.elements.purpose.value, how });
    if (!told) return say("The coach cannot be reached just now. Your words are still here.");
    if (told.text === box.value) return say("There is nothing to change that way without losing something that is needed.");
    write(0, box.value.length, told.text);
    say("Changed. Undo brings the old words back.");
  }

  function list(text, warnings) {
    const points = Array.from(text);
    const upTo = (n) => points.slice(0, n).join("").length;
    const one = document.querySelector("#warning").content.firstElementChild;
    looked.hidden = !warnings.length;
    looked.querySelector("ol").replaceChildren(...warnings.map(({ start, end, why, rewrite }) => {
      const item = one.cloneNode(true);
      item.querySelector(".quoted").textContent = `“${points.slice(start, end).join("")}”`;
      item.querySelector(".why").textContent = why;
      item.querySelector(".rewrite").textContent = `“${rewrite}”`;
      item.querySelector("button").addEventListener("click", () => {
        if (box.value === text) write(upTo(start), upTo(end), rewrite);
      });
      if (!rewrite) for (const each of item.querySelectorAll(".instead, button")) each.remove();
      return item;
    }));
    say(warnings.length ? `${warnings.length} ${warnings.length === 1 ? "place" : "places"} may land badly.` : "");
  }

  // As if typed, so that the browser's undo takes it back.
  function write(start, end, words) {
    box.focus();
    box.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, words)) box.setRangeText(words, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function say(words) {
    form.querySelector("#told").textContent = words;
    form.querySelector("#told").className = words.includes("place") || !words ? "unseen" : "note";
  }
}

// The marks stand behind the box, in the same letters at the same places.
function paint(form, text, warnings) {
  const points = Array.from(text);
  const parts = [];
  let at = 0;
  for (const { start, end } of warnings) {
    if (start < at) continue;
    parts.push(points.slice(at, start).join(""));
    parts.push(Object.assign(document.createElement("mark"), { textContent: points.slice(start, end).join("") }));
    at = end;
  }
  parts.push(`${points.slice(at).join("")}\n`);
  form.querySelector(".marks").replaceChildren(...parts);
}

function links(form, text) {
  for (const each of form.querySelectorAll(".doing, .sent")) each.hidden = !text.trim();
  form.querySelector("#mail").href = `mailto:?body=${encodeURIComponent(text)}`;
  form.querySelector("#blanks").textContent = /\[[^\]]+\]/.test(text) ? "What stands in brackets only you can fill." : "";
}

function shares(form, share) {
  if (share === undefined || share === null) return;
  const percent = Math.round(share * 100);
  form.querySelector("#share").textContent = percent
    ? `About ${percent} % of these words are the coach's.${percent >= 50 ? " Your own carry further." : ""}`
    : "These words are your own.";
}

async function ask(address, body, method = "POST") {
  try {
    const response = await fetch(address, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
