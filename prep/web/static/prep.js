// What the pages do beyond links and forms. All of it is an ease: without it everything works, less smoothly.

// A list fetches itself anew when it is searched, turned or leafed through (htmx). What comes back may be another
// page than was asked for, a sign-in or a failure: go there, instead of putting a part of it here.
document.addEventListener("htmx:before:response", (event) => {
  const answer = event.detail.ctx.response.raw;
  if (!answer.ok || answer.redirected) {
    event.preventDefault();
    location.assign(answer.url);
  }
});
document.addEventListener("htmx:error", (event) => {
  const address = event.detail.ctx?.request?.action;
  if (address) location.assign(address);
});

// Say to those who do not see it what has changed.
document.addEventListener("htmx:after:swap", () => {
  const words = document.querySelector("[data-told]");
  const told = document.getElementById("told");
  if (words && told) told.textContent = words.textContent.trim();
});

// A form is sent once, however often its button is pressed.
const AGAIN_MS = 8000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // A form that gives a file leaves the page as it is: it can be sent again after a while.
  setTimeout(() => delete form.dataset.sent, AGAIN_MS);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What was typed and not saved is not left by mistake.
const kept = (form) => new URLSearchParams(new FormData(form)).toString();
const guarded = new Map([...document.querySelectorAll("form[data-guarded]")].map((form) => [form, kept(form)]));
addEventListener("beforeunload", (event) => {
  for (const [form, before] of guarded) {
    if (!form.dataset.sent && form.isConnected && kept(form) !== before) event.preventDefault();
  }
});
