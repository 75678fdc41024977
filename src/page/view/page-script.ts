/**
 * What the browser runs. It puts the server's parts in their places as they come, keeps the focus where it is, and asks who
 * reaches whom. All text comes from the server, escaped.
 */
export const pageScript = `"use strict";
const byId = (id) => document.getElementById(id);
const map = byId("map");
const form = document.querySelector("form");
const choice = byId("choice");
/** Who calls: a party that was chosen first. */
let chosen;
/** Where the arrow keys are. */
let current;
let known;
/** How many questions were asked: the last one's reply is shown. */
let questions = 0;

const invitation = "Choose two of the picture to see whether the first reaches the second.";
const parties = () => new Map([...byId("parties").options].map((one) => [one.dataset.key, { word: one.value, name: one.label }]));
const keyOf = (group) => group.dataset.stack ?? group.dataset.network ?? "world";
const groups = () => [...map.querySelectorAll(".picture [role=button]")];
const groupOf = (target) => target.closest?.(".picture [role=button]");

/** Makes what can be asked about a button. The picture has one stop of the tab key; arrows move within. */
function prepare() {
  const svg = map.querySelector(".picture svg");
  if (!svg) return;
  const words = parties();
  const found = new Set();
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", svg.getAttribute("aria-label") + ". Arrow keys move, Enter chooses who calls, then who is called.");
  for (const group of svg.querySelectorAll("g")) {
    const key = keyOf(group);
    const party = words.get(key);
    if (party === undefined) continue;
    const { word, name } = party;
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", name);
    group.setAttribute("tabindex", "-1");
    group.setAttribute("aria-pressed", String(chosen === word));
    group.classList.toggle("chosen", chosen === word);
    if (known && !known.has(key)) group.classList.add("new");
    found.add(key);
  }
  known = found;
  const all = groups();
  (all.find((group) => keyOf(group) === current) ?? all[0])?.setAttribute("tabindex", "0");
}

/** Replaces a part, and leaves focus, scrolling and an open list as they are. */
function replace(id, text) {
  const place = byId(id);
  const focused = place.contains(document.activeElement) ? document.activeElement : undefined;
  const group = focused && groupOf(focused);
  const scrolled = [...place.querySelectorAll(".picture, .plan, .changes")].map((one) => [one.scrollLeft, one.scrollTop]);
  const isOpen = place.querySelector("details")?.open;
  const path = focused && !group ? focused.matches("summary") ? "summary" : ".plan" : undefined;
  place.innerHTML = text;
  if (id === "map") prepare();
  if (isOpen) place.querySelector("details").open = true;
  [...place.querySelectorAll(".picture, .plan, .changes")].forEach((one, index) => {
    [one.scrollLeft, one.scrollTop] = scrolled[index] ?? [0, 0];
  });
  const again = group ? groups().find((one) => keyOf(one) === keyOf(group)) : path && place.querySelector(path);
  again?.focus({ preventScroll: true });
}

async function ask(from, to, isPicked) {
  questions += 1;
  const question = questions;
  const query = new URLSearchParams({ from, to, ...(isPicked ? { pick: "1" } : {}) });
  const text = await fetch("explain?" + query).then((response) => response.text()).catch(() => undefined);
  if (question !== questions) return;
  const place = byId("explanation");
  if (text === undefined) {
    place.textContent = "No connection.";
    return;
  }
  place.innerHTML = text;
  const { from: asked = from, to: called = to } = place.querySelector(".verdict")?.dataset ?? {};
  form.from.value = asked;
  form.to.value = called;
  if (isPicked) place.scrollIntoView({ block: "nearest" });
}

function choose(group) {
  const { word, name } = parties().get(keyOf(group));
  const caller = chosen;
  chosen = caller === undefined ? word : undefined;
  choice.textContent = chosen === undefined ? invitation : "From " + name + " to whom? Choose who is called, or press Escape.";
  for (const one of groups()) {
    const isChosen = chosen !== undefined && one === group;
    one.classList.toggle("chosen", isChosen);
    one.setAttribute("aria-pressed", String(isChosen));
  }
  if (caller === undefined) return;
  form.from.value = caller;
  form.to.value = word;
  ask(caller, word, true);
}

function move(group, by) {
  const all = groups();
  const next = all[(all.indexOf(group) + by + all.length) % all.length];
  group.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  current = keyOf(next);
  next.focus();
}

map.addEventListener("click", ({ target }) => {
  const group = groupOf(target);
  if (group) choose(group);
});
map.addEventListener("keydown", (event) => {
  const group = groupOf(event.target);
  if (!group) return;
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (by) move(group, by);
  else if (event.key === "Enter" || event.key === " ") choose(group);
  else if (event.key === "Escape" && chosen !== undefined) {
    chosen = undefined;
    choice.textContent = invitation;
    prepare();
  } else return;
  event.preventDefault();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(form.from.value, form.to.value, false);
});
byId("explanation").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  const query = new URL(link.href).searchParams;
  ask(query.get("from"), query.get("to"), false);
});

choice.textContent = invitation;
prepare();
const state = byId("state");
const say = (words, kind) => {
  if (state.textContent !== words) state.textContent = words;
  state.className = kind;
};
const source = new EventSource("live");
source.addEventListener("open", () => say("live", "live"));
source.addEventListener("error", () =>
  say(source.readyState === EventSource.CLOSED ? "not live: this address is no longer served, or has too many readers" : "no connection, trying again", "lost"),
);
for (const id of ["fault", "health", "map", "drift", "traffic", "changes"]) {
  source.addEventListener(id, ({ data }) => replace(id, JSON.parse(data)));
}
`;
