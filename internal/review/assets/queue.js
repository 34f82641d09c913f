// The queue: which item is shown, which come next, and what the server says about them. A
// decision shows the next item at once and travels behind.

import { ask, query } from "./api.js";
import * as outbox from "./outbox.js";
import { keepPace, state } from "./state.js";

const ahead = 15; // fewer items than this in hand, and more are asked for
const portion = 30;
const unseen = 120; // ms: a card shown for less was looked at by nobody
const deaf = 350; // ms after a card was exchanged: an answer was meant for the one before
let hearing = 0;

let heard = { shown() {}, counted() {}, said() {}, checked() {} };
export function listen(to) { heard = to; }

// A moment is the number of a request or answer in the order they happened. gone tells since when
// an item is decided here: Infinity while the decision is on its way. An answer to a request made
// before says nothing about it.
let moment = 0;
const gone = new Map();
const isGone = (id, asked) => (gone.get(id) ?? -1) >= asked;

export const isGoneNow = (id) => gone.get(id) === Infinity;

const inHand = (id) => state.current?.id === id || state.queue.some((i) => i.id === id) || state.skipped.some((i) => i.id === id);

let filling = null, round = 0;

// refill asks for more items; restart forgets those in hand.
export function refill(restart = false) {
  if (restart) {
    round++;
    filling = null;
    state.queue = [];
    state.skipped = [];
    state.current = null;
  }
  filling ??= fetchMore(round).finally(() => { filling = null; });
  return filling;
}

async function fetchMore(mine) {
  const asked = ++moment;
  state.waiting = true;
  const limit = portion + state.queue.length + state.skipped.length + outbox.unsent();
  try {
    const got = await ask("api/queue" + query({ reviewer: state.reviewer, limit, kind: state.kind }));
    if (mine !== round) return;
    state.queue.push(...got.items.filter((i) => !inHand(i.id) && !isGone(i.id, asked)));
    count(got.counts);
  } finally {
    if (mine === round) state.waiting = false;
  }
  if (state.current !== null) return;
  if (state.queue.length + state.skipped.length > 0) next();
  else heard.shown(null, false);
}

// count takes what the server says and counts what is on its way as decided.
function count(counts) {
  const n = outbox.unsent();
  state.counts = { ...counts, open: Math.max(0, counts.open - n), decided: counts.decided + n };
  heard.counted();
}

export function show(item) {
  state.current = item;
  state.overtaken = false;
  state.shownAt = performance.now();
  heard.shown(item, false);
}

export function next() {
  if (state.queue.length === 0 && state.skipped.length > 0) {
    state.queue = state.skipped;
    state.skipped = [];
  }
  const item = state.queue.shift() ?? null;
  const hand = state.queue.length + state.skipped.length + (item ? 1 : 0);
  if (state.queue.length < ahead && state.counts.open > hand) refill().catch((e) => heard.said(e));
  show(item);
}

export const isDeaf = () => document.body.dataset.deaf !== undefined;

// decide answers the item shown.
export function decide(value, mode = state.current.kind === "spot" ? "spot" : "single") {
  const item = state.current;
  keepPace(performance.now() - state.shownAt);
  post([item], () => value, mode);
  next();
}

// post sends decisions of several items as one.
export function post(items, valueOf, mode) {
  for (const i of items) gone.set(i.id, Infinity);
  state.queue = state.queue.filter((i) => !items.includes(i));
  state.counts = { ...state.counts, open: Math.max(0, state.counts.open - items.length), decided: state.counts.decided + items.length };
  const decisions = items.map((i) => ({ item: i.id, value: valueOf(i), note: "", place: i.place ?? "", seen: i.seen ?? [], mode }));
  outbox.send({ reviewer: state.reviewer, decisions, items });
  heard.counted();
}

// nextAfter goes on after a batch: with what was set apart from it, or else with the item shown
// before if the batch did not hold it.
export function nextAfter(back, before) {
  const ids = new Set(back.map((i) => i.id));
  state.queue = state.queue.filter((i) => !ids.has(i.id));
  state.queue.unshift(...back);
  if (before && !ids.has(before.id) && !isGoneNow(before.id)) state.queue.unshift(before);
  next();
}

export function skip() {
  if (state.current && !state.overtaken) state.skipped.push(state.current);
  next();
}

// lookAt shows an item out of turn; the one shown comes after it.
export async function lookAt(id) {
  const item = state.queue.find((i) => i.id === id) ?? await ask(`api/item/${encodeURIComponent(id)}`);
  state.queue = state.queue.filter((i) => i.id !== id);
  if (state.current) state.queue.unshift(state.current);
  show(item);
}

// undo takes the last decision back and shows its item; null: there was none.
export async function undo() {
  const local = outbox.isStuck() ? outbox.takeBack() : null;
  if (local) {
    for (const i of local.items) gone.delete(i.id);
    return bringBack(local.items[local.items.length - 1]);
  }
  await outbox.flush();
  const got = await ask("api/undo", { reviewer: state.reviewer });
  for (const item of [got.item, ...(got.items ?? [])]) gone.delete(item.id);
  hear({ items: [], closed: [], ...got }, got.item.id);
  return bringBack(got.item);
}

function bringBack(item) {
  state.queue = state.queue.filter((i) => i.id !== item.id);
  if (state.current && state.current.id !== item.id) state.queue.unshift(state.current);
  show(item);
  return item;
}

// taken hears what a decision did: to its own item, and to others that rest on it.
function taken(entry, reply) {
  const now = ++moment;
  for (const d of entry.decisions) gone.set(d.item, now);
  const closed = hear(reply);
  for (const d of reply.done ?? []) if (d.differs) lookAgain(d).catch((e) => heard.said(e));
  if (entry.decisions.some((d) => d.mode === "spot") && outbox.pending() === 0) heard.checked();
  if (state.current && closed.has(state.current.id) && !outbox.isPending(state.current.id)) overtake();
  else if (state.current === null) next();
}

// lookAgain brings a spot check back that contradicts the reader, who was sure: once, and next. What was said
// stands until it is answered otherwise.
async function lookAgain({ item: id, reader }) {
  const item = await ask(`api/item/${encodeURIComponent(id)}`);
  if (inHand(id)) return;
  state.queue.unshift({ ...item, again: reader });
  if (state.current === null) next();
}

// hear takes up what opened, changed and closed; but is an item that is dealt with elsewhere.
function hear(reply, but = "") {
  const closed = new Set(reply.closed);
  state.queue = state.queue.filter((i) => !closed.has(i.id));
  state.skipped = state.skipped.filter((i) => !closed.has(i.id));
  for (const item of reply.items) if (!closed.has(item.id) && item.id !== but) changed(item);
  count(reply.counts);
  return closed;
}

// changed puts an item that is new or has changed where it belongs.
function changed(item) {
  const replace = (list) => { const at = list.findIndex((i) => i.id === item.id); if (at >= 0) list[at] = item; return at >= 0; };
  if (outbox.isPending(item.id)) return;
  gone.delete(item.id);
  if (state.current?.id === item.id) {
    // Whoever is about to accept the guess, or to answer alone, means what was shown until now.
    if (state.current.guess !== item.guess || state.current.kind !== item.kind) deafen();
    state.current = item;
    heard.shown(item, true);
  } else if (!replace(state.queue) && !replace(state.skipped) && (state.kind === "" || state.kind === item.kind)) {
    state.queue.push(item);
  }
}

// overtake: what is shown needs no answer any more. It is not exchanged under a finger that is
// about to answer it, nor does that finger answer the card that it was exchanged for.
function overtake() {
  if (performance.now() - state.shownAt < unseen) {
    deafen();
    return next();
  }
  state.overtaken = true;
  heard.shown(state.current, true);
}

// deafen lets the card answer no key for a moment.
function deafen() {
  document.body.dataset.deaf = "yes";
  clearTimeout(hearing);
  hearing = setTimeout(() => { delete document.body.dataset.deaf; }, deaf);
}

// refused brings items back that the server did not take, as they stand by now. They come next: the
// card that is being looked at stays.
async function refused(entry, error) {
  const now = await Promise.all(entry.items.map((i) => ask(`api/item/${encodeURIComponent(i.id)}`).catch((e) => (e.status === 404 ? null : i))));
  for (const i of entry.items) gone.delete(i.id);
  state.queue.unshift(...now.filter((i) => i && !inHand(i.id)));
  state.counts = { ...state.counts, open: state.counts.open + entry.items.length, decided: Math.max(0, state.counts.decided - entry.items.length) };
  heard.counted();
  heard.said(error, entry.items);
  if (state.current === null) next();
}

// begin wires the outbox. Decisions left by an earlier load are not shown again.
export function begin(onStuck) {
  outbox.listen({ taken, refused, changed: onStuck });
  for (const entry of outbox.restore()) for (const d of entry.decisions) gone.set(d.item, Infinity);
  return outbox.flush();
}
