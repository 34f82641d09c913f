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
  const began = performance.now();
  const kinds = await work(page, (kind) => meet(page, kind));
  const seconds = (performance.now() - began) / 1000;
  await accessible(page, "empty", "dark");
  assert.equal((await ask(page, "api/state")).counts.open, 0, "nothing waits");
  console.log(`queue: ${told(kinds)} in ${seconds.toFixed(1)} s`);
  report(await page.evaluate(() => window.cardTimes));
  for (const kind of ["page", "missing", "sticker", "box", "credit", "score", "sum"]) assert.ok(kinds[kind], `no ${kind} was asked`);
}

// work answers cards until there are none, and returns how many of each kind. first is told of the
// first card of a kind.
export async function work(page, first = () => {}) {
  const came = new Map(), kinds = {};
  for (;;) {
    await settled(page); // an answer may close the next card: who looks at cards is slower than that
    const card = await shown(page);
    if (!card) return kinds;
    const times = (came.get(card.item) ?? 0) + 1;
    came.set(card.item, times);
    assert.ok(times <= atMost, `${describe(card)} comes for the ${times}th time: ${await page.textContent("#status")}`);
    if (kinds[card.kind] === undefined) {
      kinds[card.kind] = 0;
      await first(card.kind);
    }
    if (await answer(page, card, config.answers) !== false) kinds[card.kind]++;
    await next(page, card);
  }
}

export const told = (kinds) => `${Object.values(kinds).reduce((a, b) => a + b, 0)} decisions ${JSON.stringify(kinds)}`;

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
