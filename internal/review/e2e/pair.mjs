// Three people review at once, on two servers. One server never gives two of them the same card; two
// servers do, and then they may contradict each other.

import assert from "node:assert/strict";
import { accessible, config, open } from "../../e2e/chromium.mjs";
import { answer, ask, choose, describe, next, settled, shown, sign, skipTo } from "./card.mjs";
import { told, work } from "./queue.mjs";

export async function pair(context) {
  const browser = context.browser();
  const reviewer = async (link, name) => {
    const own = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
    own.setDefaultTimeout(45000);
    const page = await open(own, link, `pair-${name}`);
    await sign(page, name);
    return page;
  };
  const [ada, ben] = [await reviewer(config.pair[0], "Ada"), await reviewer(config.pair[1], "Ben")];
  const eve = await reviewer(config.pair[0], "Eve");
  assert.notEqual((await shown(eve)).item, (await shown(ada)).item, "one server gives two people different cards");

  const [a, b] = [await skipTo(ada, "box"), await skipTo(ben, "box")];
  assert.equal(a.item, b.item, "two servers go through the queue in the same order");
  await choose(ada, "crossed");
  await next(ada, a);
  await settled(ada);
  await choose(ben, "empty"); // his card knows nothing of her decision
  await next(ben, b);
  await settled(ben);
  for (const page of [ada, ben]) {
    const item = await ask(page, `api/item/${a.item}`);
    assert.equal(item.kind, "conflict", `after ${describe(a)} was decided twice`);
    assert.deepEqual(item.history.map((h) => [h.who, h.value]).sort(), [["Ada", "crossed"], ["Ben", "empty"]]);
  }

  const again = await skipTo(eve, "conflict");
  assert.equal(again.item, a.item);
  const text = await eve.textContent("#card");
  assert.ok(text.includes("Ada") && text.includes("Ben"), "both are named");
  await accessible(eve, "conflict", "dark");
  await answer(eve, again, config.answers);
  await next(eve, again);
  await settled(eve);
  for (const page of [ada, ben, eve]) {
    const item = await ask(page, `api/item/${a.item}`);
    assert.deepEqual([item.open, item.value], [false, config.answers.fields[`${a.source} ${a.sourcePage} ${a.field}`]], "the third look resolves it for everybody");
  }

  const all = await Promise.all([ada, ben, eve].map((page) => work(page))); // and all the rest
  console.log(`pair: together ${all.map(told).join(", ")}`);
  for (const page of [ada, ben, eve]) {
    assert.equal((await ask(page, "api/state")).counts.open, 0, "nothing waits");
    assert.deepEqual(page.said, []);
    await page.context().close();
  }
}
