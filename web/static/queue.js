// Moments written while nobody answered. They wait in this browser, in the order they were written, and leave it one by
// one as the journal has taken them: each has an id of its own, so that sending one twice keeps it once.
const PLACE = "coach.waiting";

export function waiting() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? [];
  } catch {
    return [];
  }
}

export function add(entry) {
  store([...waiting(), { id: crypto.randomUUID(), at: new Date().toISOString(), ...entry }]);
}

export function drop(id) {
  store(waiting().filter((each) => each.id !== id));
}

export function clear() {
  localStorage.removeItem(PLACE);
}

// Sends what is complete; the rest stays for the person to complete. Returns how many were taken.
// Two open pages take turns, where the browser can say so.
export function sync() {
  return navigator.locks ? navigator.locks.request(PLACE, send) : send();
}

async function send() {
  let taken = 0;
  for (const entry of waiting().filter(complete)) {
    const { id, what, who, by, channel, landed, at } = entry;
    const body = JSON.stringify({ id, what, who, by, channel, landed, happened_at: at });
    let response;
    try {
      response = await fetch("/api/moments", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    } catch {
      return taken;
    }
    if (response.ok) {
      drop(id);
      taken += 1;
    } else if (response.status >= 500 || response.status === 401 || response.status === 429) return taken; // it waits
    else store(waiting().map((each) => (each.id === id ? { ...each, who: "" } : each))); // refused: to be looked at
  }
  return taken;
}

export function complete({ what, who, by, channel, landed }) {
  return Boolean(what && who && by && channel && landed);
}

function store(entries) {
  if (entries.length) localStorage.setItem(PLACE, JSON.stringify(entries));
  else clear();
}
