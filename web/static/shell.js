// Lets the browser keep the shell, so that a moment can be noted while nobody answers.

export function startShell() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/sw.js").catch(() => {}); // a private window may refuse; all else works without
}
