// Passkeys: made on the member's own page, used where one signs in. Hidden without script, and where a browser has none.
// What a passkey works out (PRF) goes to the server beside the signature; it opens the journal there and is not kept.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const text = (raw) => btoa(String.fromCharCode(...new Uint8Array(raw))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function sent(path, body) {
  const reply = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) });
  const told = await reply.json();
  if (!reply.ok) throw new Error(told.error);
  return told;
}

const prf = (salt) => ({ prf: { eval: { first: bytes(salt) } } });
const workedOut = (made) => made.getClientExtensionResults().prf?.results?.first;

async function use({ to }) {
  const asked = await sent("/passkey/begin", {});
  const made = await navigator.credentials.get({ publicKey: {
    challenge: bytes(asked.challenge), rpId: asked.rpId, timeout: asked.timeout, userVerification: "required", extensions: prf(asked.salt),
  } });
  const output = workedOut(made);
  if (!output) throw new Error("This passkey works out no secret here, so it opens no journal. Use your password.");
  return sent("/passkey", { credential: made.toJSON(), output: text(output), to });
}

async function make() {
  const asked = await sent("/member/passkeys/begin", {});
  const made = await navigator.credentials.create({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map((id) => ({ type: "public-key", id: bytes(id) })), extensions: prf(asked.salt),
  } });
  const output = workedOut(made) ?? workedOut(await askedAgain(asked, made));
  if (!output) throw new Error("This passkey works out no secret, so it could open no journal. Try another device or browser.");
  return sent("/member/passkeys", { credential: made.toJSON(), output: text(output) });
}

// Many authenticators work it out only when they are used, and not when they are made.
const askedAgain = (asked, made) => navigator.credentials.get({ publicKey: {
  challenge: crypto.getRandomValues(new Uint8Array(32)), rpId: asked.rp.id, userVerification: "required",
  allowCredentials: [{ type: "public-key", id: made.rawId }], extensions: prf(asked.salt),
} });

if (window.PublicKeyCredential?.prototype.toJSON) {
  for (const each of document.querySelectorAll("[data-passkeys]")) each.hidden = false;
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.addEventListener("click", async () => {
      const said = document.querySelector("[data-passkey-said]");
      button.disabled = true;
      try {
        const done = await (button.dataset.passkey === "use" ? use(button.dataset) : make());
        location.assign(done.to);
      } catch (error) {
        said.textContent = error.name === "NotAllowedError" ? "Nothing was done." : error.message;
        button.disabled = false;
      }
    });
  }
}
