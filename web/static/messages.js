// A message as it is written: what may land badly is marked while somebody types, and put otherwise by one click.
// A language model looks only when asked to; what it found stays marked as long as its words stand.
// Offsets from the server count characters (code points), not JavaScript's units.

const PAUSE = 350;

const message = document.querySelector("#message");
if (message) startMessages(message);

function startMessages(form) {
  const box = form.querySelector("textarea");
  const looked = form.querySelector("#looked");
  const button = form.querySelector("#look");
  const reads = "reads" in form.dataset;
  let timer = 0;
  let round = 0;
  let read = [];

  button.hidden = !reads;
  form.querySelector(".marked-text")?.remove();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    links(form, box.value);
    paint(form, box.value, []);
    timer = setTimeout(() => look(true), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    const how = event.submitter?.value;
    if (!["shorter", "warmer", "plainer", "look"].includes(how)) return;
    event.preventDefault();
    if (how === "look") look(!reads);
    else vary(how);
  });
  if (box.value) look(true);
  links(form, box.value);

  async function look(quick) {
    const now = ++round;
    const text = box.value;
    links(form, text);
    clearTimeout(timer);
    if (!quick) say("Reading it…");
    button.disabled = !quick;
    const told = await ask("/api/messages/lint", { text, purpose: form.elements.purpose.value, channel: form.elements.channel.value, draft_id: form.elements.draft_id?.value, quick });
    if (now === round) button.disabled = false;
    if (!quick && !told && now === round) say("The coach cannot be reached just now. Your words are still here.");
    if (!told || now !== round || text !== box.value) return;
    if (!quick) read = quotes(text, told.warnings);
    const warnings = quick ? still(text, told.warnings) : told.warnings;
    paint(form, text, warnings);
    list(text, warnings);
    if (!quick && !warnings.length) say("Nothing in it stands out.");
    form.querySelector("#better").hidden = !told.better_said || !text.trim();
    shares(form, told.share);
    keep(text);
  }

  // What was found by reading, while its words still stand and nothing else is said of them.
  function still(text, warnings) {
    const found = [...warnings];
    for (const each of read) {
      const at = text.indexOf(each.words);
      if (at < 0) continue;
      const start = Array.from(text.slice(0, at)).length;
      const end = start + Array.from(each.words).length;
      if (!found.some((one) => one.warning === each.warning && one.start < end && start < one.end)) found.push({ ...each, start, end });
    }
    return found.sort((one, other) => one.start - other.start || one.end - other.end);
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
    form.querySelector("#told").className = /places? may/.test(words) || !words ? "unseen" : "note";
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

function quotes(text, warnings) {
  const points = Array.from(text);
  return warnings.map((each) => ({ ...each, words: points.slice(each.start, each.end).join("") }));
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
