// The grid: many alike at a glance. Exceptions are marked, one key answers all the others.

import { ask, query } from "./api.js";
import { answerTo, answers, button, guessOf, offered } from "./choices.js";
import { $, h } from "./dom.js";
import { confidence, sort, title, value } from "./naming.js";
import { frame, near, prefetch } from "./pictures.js";
import * as queue from "./queue.js";
import { state } from "./state.js";
import { t } from "./words.js";

const most = 40, few = 15; // tiles at once; so few are shown larger
let items = [], apart = new Set(), at = 0, heard = { said() {}, closed() {} };

export const isOpen = () => !$("grid").hidden;

// openGrid shows everything open that is like the item shown.
export async function openGrid(to) {
  heard = to;
  const item = state.current;
  if (!item?.group) return heard.said(t("grid.none"));
  const got = await ask("api/group" + query({ key: item.group, limit: most, reviewer: state.reviewer }));
  if (state.current !== item) return;
  items = got.items.filter((i) => !queue.isGoneNow(i.id)).slice(0, most);
  if (items.length < 2) return heard.said(t("grid.none"));
  prefetch(items);
  [apart, at] = [new Set(), 0];
  $("card").hidden = true;
  $("grid").hidden = false;
  draw();
  point(0);
  heard.said("", false, `${$("grid-title").textContent}. ${t("grid.keys")}`);
}

export function closeGrid() {
  if (!isOpen()) return;
  $("grid").hidden = true;
  items = [];
  heard.closed();
}

export function draw() {
  const first = items[0], kind = sort(first);
  $("grid-title").textContent = t("grid.title", { n: items.length, what: t(`kind.${first.kind}`) });
  $("grid-hint").textContent = t("grid.keys");
  const all = answers(first).map((a) => ({ ...a, guess: offered(first) !== "" && a.guess }));
  $("grid-choices").replaceChildren(...all.map((a) => button(a, kind, decideAll)));
  $("tiles").classList.toggle("few", items.length <= few);
  $("tiles").replaceChildren(...items.map((i, n) => tile(i, n, kind)));
  for (const n of items.keys()) label(n);
}

function tile(item, n, kind) {
  const guess = guessOf(item);
  const b = h("button", { type: "button", class: "tile", tabIndex: -1, "aria-pressed": "false" },
    frame(item.pictures.close, "", near(item.pictures.close)), h("span", { class: "caption" }, guess === "" ? t("value.unread") : value(guess, kind), h("span", { class: "apart" }, ` ${t("grid.apart")}`)));
  b.setAttribute("aria-label", `${title(item)}, ${item.booklet}: ${guess === "" ? t("value.unread") : `${value(guess, kind)}, ${confidence(item.confidence)}`}`);
  b.addEventListener("click", () => { point(n); toggle(); });
  return h("li", {}, b);
}

const tiles = () => [...$("tiles").querySelectorAll(".tile")];

function point(n) {
  at = Math.max(0, Math.min(items.length - 1, n));
  tiles().forEach((b, i) => { b.tabIndex = i === at ? 0 : -1; });
  tiles()[at].focus();
}

// toggle marks the tile as unlike the others, or no longer.
function toggle() {
  if (!apart.delete(at)) apart.add(at);
  label(at);
  heard.said(t("grid.left", { n: apart.size }));
}

function label(n) {
  tiles()[n].setAttribute("aria-pressed", String(apart.has(n)));
}

// columns is how many tiles stand in a row.
function columns() {
  const all = tiles(), top = all[0].getBoundingClientRect().top;
  const n = all.findIndex((b) => b.getBoundingClientRect().top > top + 4);
  return n < 0 ? all.length : n;
}

// decideAll answers all that are not marked; "" is each one's own guess. What is marked comes next.
function decideAll(answer) {
  const kept = items.filter((_, n) => !apart.has(n) && (answer !== "" || offered(items[n]) !== ""));
  const back = items.filter((i) => !kept.includes(i));
  if (kept.length === 0) return heard.said(t("grid.nothing"), true);
  const current = state.current;
  queue.post(kept, (i) => answer === "" ? offered(i) : answer, "batch");
  queue.nextAfter(back, current);
  const first = kept[0], said = answer === "" ? offered(first) : answer;
  closeGrid();
  heard.said(t("grid.done", { n: kept.length, value: value(said, sort(first)) }));
}

const moves = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -columns(), ArrowDown: () => columns() };

// gridKey handles a key; it returns whether one was meant.
export function gridKey(event) {
  if (event.key in moves) { point(at + moves[event.key]()); return true; }
  if (event.repeat) return true;
  switch (event.key) {
    case "Home": point(0); return true;
    case "End": point(items.length - 1); return true;
    case " ": if (event.target.closest("#grid-choices")) return false; toggle(); return true;
    case "Enter": if (event.target.closest("#grid-choices")) return false; decideAll(""); return true;
    case "Escape": case "g": case "G": closeGrid(); return true;
  }
  const answer = event.shiftKey ? undefined : answerTo(items[0], event);
  if (answer) decideAll(answer.value);
  return answer !== undefined;
}

