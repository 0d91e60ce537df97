/* What a page does more smoothly with scripts. Every page works without this file. */
"use strict";

const say = (words) => {
  const live = document.getElementById("said");
  if (live) live.textContent = words;
};

/* The list of errors takes the focus, so that it is read and its links are one Tab away. */
const showErrors = (root) => root.querySelector(".error-summary")?.focus();

/* The theme is seen at once (the stylesheet looks at the radios) and kept in the background. */
const keepTheme = (form) => {
  form.addEventListener("change", () => {
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  });
};

/* <button data-copy="words">: copies them; the button is hidden where this cannot be done. */
const offerCopying = (root) => {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
  }
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say("Copied.");
  const before = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = before; }, 2000);
});

document.addEventListener("DOMContentLoaded", () => {
  showErrors(document);
  offerCopying(document);
  document.querySelectorAll("form.theme").forEach(keepTheme);
});

document.addEventListener("htmx:load", (event) => {
  showErrors(event.target);
  offerCopying(event.target);
});
