// Starts what every page has. Everything works without script, except words arriving as they are said. What one page
// alone needs (chat, messages, session) comes with that page.
import { startCopy } from "./copy.js";
import { startFolds } from "./folds.js";
import { startKeys } from "./keys.js";
import { startForms } from "./forms.js";
import { startLog } from "./log.js";
import { startPractice } from "./practice.js";

startFolds(document);
startCopy(document);
startForms(document);
startKeys(document);
startLog();
startPractice(document);
startPrint(document);
startShell();
startZone();

// Buttons that print the page. Hidden without script; the browser's own menu does the same.
function startPrint(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll("main details:not([open])")].filter((each) => !each.querySelector(":scope > form, :scope > summary.button"));
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
}

// Lets the browser keep the shell, so that a moment can be noted while nobody answers.
function startShell() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/sw.js").catch(() => {}); // a private window may refuse; all else works without
}

// Days are told by the zone of whoever looks, until they choose another one.
function startZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const there = document.documentElement.dataset.offset;
  if (!zone || !there || Number(there) === -new Date().getTimezoneOffset() || localStorage.getItem("coach.zone") === zone) return;
  fetch("/settings/zone", { method: "POST", body: new URLSearchParams({ zone }) })
    .then((answer) => { if (answer.ok) localStorage.setItem("coach.zone", zone); }).catch(() => {});
}
