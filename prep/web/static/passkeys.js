// Passkeys: asks the server what the device has to sign, lets the browser ask the device, and sends the form with
// the answer. All sentences stand in the page. Without this file the pages offer every other way.
"use strict";

// Bytes travel as base64url (RFC 4648, section 5), without padding.
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  let plain = "";
  for (const one of new Uint8Array(buffer)) plain += String.fromCharCode(one);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list) {
  return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function registered(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports ? made.response.getTransports() : [],
  });
}

async function signed(options) {
  const made = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: described(options.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = made.response;
  return answer(made, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function answer(made, response) {
  return JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: {},
    response: { clientDataJSON: text(made.response.clientDataJSON), ...response },
  });
}

// A refusal that the server has put into words, or null where it answered with something else.
class Refused extends Error {
  constructor(sentence) {
    super("refused");
    this.sentence = sentence;
  }
}

async function question(form) {
  const sent = new URLSearchParams({ lomake: form.elements.lomake.value });
  const given = await fetch(form.dataset.ask, { method: "POST", body: sent, redirect: "manual" });
  const isJson = (given.headers.get("Content-Type") || "").startsWith("application/json");
  const content = isJson ? await given.json() : {};
  if (!given.ok || !content.options) throw new Refused(content.problem || form.dataset.stale);
  return content;
}

function sentence(form, error) {
  if (error instanceof Refused) return error.sentence;
  switch (error.name) {
    case "NotAllowedError":
    case "AbortError":
      return form.dataset.cancelled;
    case "InvalidStateError":
      return form.dataset.known;
    // What fetch() throws when nobody answers.
    case "TypeError":
      return form.dataset.stale;
    default:
      return form.dataset.failed;
  }
}

async function run(form) {
  const told = form.querySelector("[role=status]");
  const wrong = form.querySelector("[role=alert]");
  told.textContent = form.dataset.waits;
  wrong.textContent = "";
  try {
    const asked = await question(form);
    const made = form.dataset.passkey === "create" ? registered : signed;
    form.elements.answer.value = await made(asked.options);
    form.elements.token.value = asked.token;
    form.submit();
  } catch (error) {
    told.textContent = "";
    wrong.textContent = sentence(form, error);
  }
}

function prepare(form) {
  let isBusy = false;
  form.querySelector("[data-with]").hidden = false;
  form.querySelector("[data-without]").hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    await run(form);
    isBusy = false;
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
}
