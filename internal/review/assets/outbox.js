// Decisions on their way to the server. They leave in the order they were made, one request at a
// time; what was not taken yet survives a reload of the page.

import { ask } from "./api.js";

const kept = "scan-review-outbox";
let waiting = []; // {reviewer, decisions, items}: items are shown again if the server refuses
let running = null, stuck = false, retry = 0;
let heard = { taken() {}, refused() {}, changed() {} };

// listen sets what is told: taken(entry, reply), refused(entry, error), changed(stuck error or null).
export function listen(to) { heard = to; }

export const pending = () => waiting.length;
export const isStuck = () => stuck;
export const isPending = (id) => waiting.some((e) => e.decisions.some((d) => d.item === id));
export const unsent = () => waiting.reduce((n, e) => n + e.decisions.length, 0);

function keep() {
  sessionStorage.setItem(kept, JSON.stringify(waiting));
  document.body.dataset.pending = waiting.length;
}

// restore takes up what an earlier load of the page left, and returns it.
export function restore() {
  try {
    waiting = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
  } catch {
    waiting = [];
  }
  keep();
  return waiting;
}

export function send(entry) {
  waiting.push(entry);
  keep();
  void flush();
}

// takeBack removes the last decision if it cannot be on its way: nothing is being sent.
export function takeBack() {
  if (running !== null || waiting.length === 0) return null;
  const entry = waiting.pop();
  if (waiting.length === 0) { stuck = false; clearTimeout(retry); heard.changed(null); }
  keep();
  return entry;
}

// flush sends all there is. It ends when nothing waits or the server does not answer.
export function flush() {
  running ??= run().finally(() => { running = null; });
  return running;
}

async function run() {
  clearTimeout(retry);
  while (waiting.length > 0) {
    const entry = waiting[0];
    try {
      const reply = await ask("api/decide", { reviewer: entry.reviewer, decisions: entry.decisions });
      drop();
      heard.taken(entry, reply);
    } catch (error) {
      if (error.passing) return wait(error);
      drop();
      heard.refused(entry, error);
    }
  }
}

function drop() {
  waiting.shift();
  stuck = false;
  keep();
  heard.changed(null);
}

function wait(error) {
  stuck = true;
  heard.changed(error);
  retry = setTimeout(() => void flush(), 2000);
}
