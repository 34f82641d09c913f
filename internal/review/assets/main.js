// The review page: what keys and buttons do, and what is shown when.

import { ask } from "./api.js";
import { drawCard, focusCard, spoken } from "./card.js";
import { offered } from "./choices.js";
import { $, fill, h, kbd } from "./dom.js";
import { drawFacts } from "./facts.js";
import { listenFind, openFind } from "./find.js";
import * as grid from "./grid.js";
import { listenKeys } from "./keys.js";
import { sort, title, value } from "./naming.js";
import * as outbox from "./outbox.js";
import { assignment } from "./pageform.js";
import { prefetch, prefetchWhole } from "./pictures.js";
import * as queue from "./queue.js";
import { drawSpot, openSpot } from "./spot.js";
import { state } from "./state.js";
import * as students from "./students.js";
import { drawCounts, drawHelp, drawTools, labelTools } from "./tools.js";
import { openWhole } from "./whole.js";
import { language, languages, speak, t } from "./words.js";

const lookAhead = 12; // items whose pictures are fetched before they are shown
let told = ""; // what the last decision was

// say shows a line; then is read out after it but not shown.
function say(text, bad = false, then = "") {
  $("status").classList.toggle("bad", bad);
  $("status").replaceChildren(text, ...(then ? [h("span", { class: "hidden" }, ` ${then}`)] : []));
}

// tell shows why something did not work.
const tell = (error) => say(words(error), true);

const words = (error) => (error.status === 0 ? t("error.away", { port: location.port }) : error.message);

const act = {
  decide(v) {
    const item = state.current;
    if (!item || queue.isDeaf()) return;
    told = t("decided", { what: title(item), value: value(v, sort(item)) });
    queue.decide(v);
  },
  accept() {
    const guess = offered(state.current);
    if (guess === "") say(t("guess.nothing"), true);
    else act.decide(guess);
  },
  assign() {
    const v = assignment();
    if (v) act.decide(v);
    else { say(t("page.which"), true); $("formpage").focus(); }
  },
  async undo() {
    try {
      told = "";
      const item = await queue.undo();
      say(t("undone", { what: title(item) }), false, spoken(item));
    } catch (error) {
      say(error.status === 409 ? t("undo.none") : words(error), true);
    }
  },
  again: () => queue.refill(true).catch(tell),
  look: (id) => queue.lookAt(id).catch(tell),
  skip() {
    if (!state.current) return;
    told = t("skipped", { what: title(state.current) });
    queue.skip();
  },
  whole() { if (state.current && !openWhole(state.current)) say(t("picture.none"), true); },
  grid() {
    if (grid.isOpen()) grid.closeGrid();
    else if (state.current) grid.openGrid({ said: say, closed: () => { render(state.current, true); focusCard(state.current); } }).catch(tell);
  },
  names() {
    state.names = !state.names;
    $("tool-names").setAttribute("aria-pressed", String(state.names));
    students.again(say);
    say(t(state.names ? "names.on" : "names.off"));
  },
  find() {
    grid.closeGrid();
    openFind(act.look, say);
  },
  spot: () => openSpot(startSpot, refresh, say),
  async language() {
    await speak(languages[(languages.indexOf(language()) + 1) % languages.length]);
    const address = new URL(location.href);
    address.searchParams.set("lang", language());
    history.replaceState(null, "", address);
    redraw();
    say(t("language.now"));
  },
  help() { drawHelp(); $("help").showModal(); },
  leave: () => $("card").focus({ preventScroll: true }),
  say,
};

// render shows the item, or that there is none.
function render(item, again) {
  if (grid.isOpen()) return prefetchNext();
  $("loading").hidden = true;
  $("card").hidden = item === null;
  $("empty").hidden = item !== null || state.waiting;
  if (item !== null) drawCard(item, act, again);
  else if (state.waiting) $("loading").hidden = false;
  else drawEmpty();
  drawCounts();
  labelTools();
  if (!again) arrive(item);
  prefetchNext();
}

const prefetchNext = () => prefetch([...(state.current ? [state.current] : []), ...state.queue.slice(0, lookAhead)]);

const linger = 600; // ms: who looks at a card for longer may want its page
let lingering = 0;

// arrive moves the keyboard to a new item and reads it out.
function arrive(item) {
  clearTimeout(lingering);
  if (item) lingering = setTimeout(() => prefetchWhole(item), linger);
  if (document.querySelector("dialog[open]")) return;
  focusCard(item);
  const heard = item ? spoken(item) : state.waiting ? "" : t("empty.title");
  if (told || heard) say(told, false, heard);
  told = "";
}

function drawEmpty() {
  const others = state.counts.open;
  const again = h("button", { type: "button" }, t("empty.again"), " ", kbd(t("key.Enter")));
  again.addEventListener("click", act.again);
  const spot = h("button", { type: "button" }, t("spot.title"), "… ", kbd("P"));
  spot.addEventListener("click", act.spot);
  const all = h("button", { type: "button" }, t("empty.all"));
  all.addEventListener("click", () => choose(""));
  fill($("empty"),
    h("h2", { id: "empty-title" }, t(state.kind === "" ? "empty.title" : "empty.kind", { kind: state.kind ? t(`kind.${state.kind}`) : "" })),
    others > 0 && state.kind === "" ? h("p", {}, t("empty.others", { n: others })) : null,
    others > 0 && state.kind !== "" ? h("p", {}, t("empty.more", { n: others })) : null,
    others === 0 ? h("p", {}, t("empty.next")) : null,
    state.spot?.asked ? h("div", { class: "spotted" }, h("h3", {}, t("spot.title")), drawSpot(state.spot, true)) : null,
    h("p", { class: "tools" }, state.kind === "" ? null : all, others > 0 ? again : null, spot));
}

// redraw shows everything in the language now spoken.
function redraw() {
  drawTools(act);
  nameReviewer();
  if (grid.isOpen()) grid.draw();
  if (state.current) drawCard(state.current, act, false);
  else if (!state.waiting) drawEmpty();
  $("kind").replaceChildren();
  drawCounts();
  labelTools();
}

function choose(kind) {
  state.kind = kind;
  grid.closeGrid();
  $("kind").value = kind;
  queue.refill(true).catch(tell);
}

async function startSpot() {
  await refresh();
  choose("spot");
}

// refresh asks for the whole state: the spot check and, where nothing is shown, new work.
async function refresh() {
  const got = await ask("api/state");
  Object.assign(state, { exam: got.exam, conventions: got.conventions, roster: got.roster, spot: got.spot });
  if (outbox.pending() === 0) state.counts = got.counts;
  document.querySelector("h1").textContent = got.exam.title || got.exam.id;
  drawCounts();
  return got;
}

const pollEvery = 5000; // ms, while there is nothing to do

setInterval(() => {
  if (!state.reviewer || document.hidden || grid.isOpen()) return;
  if (!state.current && !state.waiting) refresh().then(() => queue.refill()).catch(() => {});
}, pollEvery);

// redrawSpot shows how the sample stands where that is in view.
function redrawSpot() {
  if (state.current?.kind === "spot") drawFacts(state.current, act.look);
  else if (!state.current && !state.waiting) drawEmpty();
}

// onStuck shows that decisions are not saved yet, and why.
function onStuck(error) {
  const n = outbox.unsent();
  fill($("trouble"), error ? t("unsaved", { n, why: words(error) }) : null);
}

// refused tells what the server did not take; the items come again.
function refused(error, items) {
  if (!items) return tell(error);
  say(t("refused", { what: items.length === 1 ? title(items[0]) : t("refused.many", { n: items.length }), why: error.message }), true);
}

const remembered = "scan-review-reviewer";

function nameReviewer() {
  $("reviewer-button").textContent = state.reviewer ? t("who.is", { name: state.reviewer }) : t("who.none");
}

// askReviewer asks who is reviewing; it cannot be left without a name the first time.
function askReviewer() {
  const dialog = $("who");
  dialog.returnValue = "";
  $("reviewer").value = state.reviewer;
  dialog.oncancel = (event) => { if (!state.reviewer) event.preventDefault(); };
  dialog.onclose = () => {
    const name = $("reviewer").value.trim();
    if (dialog.returnValue !== "ok" || name === "") return state.reviewer ? undefined : askReviewer();
    if (name !== state.reviewer) startAs(name);
    else focusCard(state.current);
  };
  if (!dialog.open) dialog.showModal();
  $("reviewer").select();
}

function startAs(name) {
  state.reviewer = name;
  localStorage.setItem(remembered, name);
  nameReviewer();
  return queue.refill(true).catch(tell);
}

async function start() {
  await speak(document.documentElement.lang);
  drawTools(act);
  nameReviewer();
  const got = await refresh();
  await queue.begin(onStuck);
  const name = localStorage.getItem(remembered) || got.reviewer || "";
  if (name) await startAs(name);
  else { $("loading").hidden = true; askReviewer(); }
  document.body.dataset.ready = "yes";
}

queue.listen({ shown: render, counted: drawCounts, said: refused, checked: () => refresh().then(redrawSpot, () => {}) });
students.listenStudents(act);
listenFind();
listenKeys(act);
$("kind").addEventListener("change", () => { const kind = $("kind").value; $("kind").blur(); choose(kind); });
$("reviewer-button").addEventListener("click", askReviewer);
$("tool-find").addEventListener("click", act.find);
document.querySelectorAll("[data-close]").forEach((b) => b.addEventListener("click", () => b.closest("dialog").close("")));
for (const id of ["whole", "help", "spot-dialog", "find"]) $(id).addEventListener("close", () => { if (!grid.isOpen()) focusCard(state.current); });
addEventListener("beforeunload", (event) => { if (outbox.isStuck()) event.preventDefault(); });
start().catch(tell);
