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

/* The document reader. Places are offsets in code points, counted over the text alone. */
const plain = (node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll(".to-note").forEach((link) => link.remove());
  return Array.from(copy.textContent);
};

const before = (block, node, offset) => {
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEnd(node, offset);
  const holder = document.createElement("div");
  holder.append(range.cloneContents());
  return plain(holder).length;
};

const chosenIn = (text) => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const blocks = [...text.querySelectorAll("[data-start]")].filter((b) => range.intersectsNode(b));
  if (!blocks.length) return null;
  const first = blocks[0];
  const last = blocks[blocks.length - 1];
  const from = Number(first.dataset.start);
  const to = Number(last.dataset.start);
  const start = first.contains(range.startContainer)
    ? from + before(first, range.startContainer, range.startOffset) : from;
  const end = last.contains(range.endContainer)
    ? to + before(last, range.endContainer, range.endOffset) : to + plain(last).length;
  const words = blocks.map((block) => {
    const at = Number(block.dataset.start);
    return plain(block).slice(Math.max(start - at, 0), Math.max(end - at, 0)).join("");
  }).join(" ").replace(/\s+/g, " ").trim();
  return words ? { start, end, words, range } : null;
};

/* Selected words get their tools right below them; on a phone at the foot of the screen. */
const offerTools = (text, tools) => {
  const chosen = chosenIn(text);
  tools.hidden = !chosen;
  if (!chosen) return;
  const query = `?start=${chosen.start}&end=${chosen.end}`;
  tools.querySelectorAll("[data-for]").forEach((link) => { link.href = link.dataset.for + query; });
  const copy = tools.querySelector("[data-copy]");
  const address = `${location.origin}${location.pathname}${query}#here`;
  const starts = (text.dataset.pages || "").split(" ").filter(Boolean).map(Number);
  const page = starts.length ? `page ${starts.filter((at) => at <= chosen.start).length}, ` : "";
  const place = `${page}characters ${chosen.start.toLocaleString("en-GB")}–${chosen.end.toLocaleString("en-GB")}`;
  copy.dataset.copy = `“${chosen.words}” (${text.dataset.named}, ${place}) ${address}`;
  const frame = text.getBoundingClientRect();
  const lines = chosen.range.getClientRects();
  const line = lines[lines.length - 1];
  if (!line) return;
  const room = frame.width - tools.offsetWidth;
  tools.style.setProperty("--y", `${line.bottom - frame.top + 6}px`);
  tools.style.setProperty("--x", `${Math.max(0, Math.min(line.left - frame.left, room))}px`);
};

/* n and p go from mark to mark, only while the text has the focus. */
const walkMarks = (text, forward) => {
  const links = [...text.querySelectorAll(".to-note")];
  const here = document.activeElement;
  const follows = here === text
    ? (link) => link.getBoundingClientRect().top > (forward ? 8 : 0)
    : (link) => Boolean(here.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = forward
    ? links.find((link) => link !== here && follows(link))
    : links.reverse().find((link) => link !== here && !follows(link));
  if (!next) return say(forward ? "That was the last mark." : "That was the first mark.");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
};

const read = (text) => {
  const tools = document.getElementById("sel-tools");
  let waiting;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offerTools(text, tools), 150);
  });
  // Pressing a tool must not let go of the words it is for.
  tools.addEventListener("mousedown", (event) => event.preventDefault());
  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n" || event.key === "p") walkMarks(text, event.key === "n");
  });
};

document.addEventListener("DOMContentLoaded", () => {
  showErrors(document);
  const text = document.getElementById("text");
  if (text) read(text);
  offerCopying(document);
  document.querySelectorAll("form.theme").forEach(keepTheme);
});

document.addEventListener("htmx:load", (event) => {
  showErrors(event.target);
  offerCopying(event.target);
});
