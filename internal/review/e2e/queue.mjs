// The whole queue, with the keyboard alone.

import assert from "node:assert/strict";
import { accessible, config, open } from "../../e2e/chromium.mjs";
import { answer, ask, describe, next, settled, shown, sign, size } from "./card.mjs";

// A card that comes again this often is not decided by its key.
const atMost = 4;

export async function queue(context) {
  await context.addInitScript(watchCards);
  const page = await open(context, config.queue, "queue");
  await sign(page, "Ada");
  const came = new Map(), kinds = {}, met = new Set();
  const began = performance.now();
  for (let card = await shown(page); card; ) {
    await settled(page); // an answer may close the next card: who looks at cards is slower than that
    card = await shown(page);
    if (!card) break;
    const times = (came.get(card.item) ?? 0) + 1;
    came.set(card.item, times);
    assert.ok(times <= atMost, `${describe(card)} comes for the ${times}th time: ${await page.textContent("#status")}`);
    if (!met.has(card.kind)) await meet(page, card.kind);
    met.add(card.kind);
    const put = await answer(page, card, config.answers);
    if (put !== false) kinds[card.kind] = (kinds[card.kind] ?? 0) + 1;
    card = await next(page, card);
  }
  const seconds = (performance.now() - began) / 1000;
  await accessible(page, "empty", "dark");
  await settled(page);
  assert.equal((await ask(page, "api/state")).counts.open, 0, "nothing waits");
  const decided = Object.values(kinds).reduce((a, b) => a + b, 0);
  console.log(`queue: ${decided} decisions in ${seconds.toFixed(1)} s: ${JSON.stringify(kinds)}`);
  report(await page.evaluate(() => window.cardTimes));
  for (const kind of ["page", "missing", "sticker", "box", "credit", "score", "sum"]) assert.ok(kinds[kind], `no ${kind} was asked`);
}

// meet looks at the first card of a kind: it fits on a small screen, and axe-core likes it.
async function meet(page, kind) {
  const [width, height] = await size(page);
  assert.ok(width <= 1280 && height <= 800, `a ${kind} fits on 1280 x 800 pixels: it takes ${width} x ${height}`);
  await accessible(page, kind, "dark");
}

// watchCards measures in the page how long a key takes to show the next card.
function watchCards() {
  window.cardTimes = [];
  let pressed = 0, item = "";
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    const now = document.getElementById("card")?.dataset.item ?? "";
    if (now === item) return;
    item = now;
    const began = pressed;
    requestAnimationFrame(() => window.cardTimes.push(performance.now() - began));
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-item"] });
}

function report(times) {
  const sorted = times.slice(1).sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(0);
  console.log(`queue: key to next card: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms of ${sorted.length}`);
}
