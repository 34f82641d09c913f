// Looking something up that nobody asks about.

import assert from "node:assert/strict";
import { accessible, config, launch, open, press, scenario } from "../../e2e/chromium.mjs";
import { choose, settled, shown } from "./card.mjs";

async function find(context) {
  const page = await open(context, config.link, "find");
  const first = await shown(page);
  await press(page, "Shift+O");
  await page.waitForSelector("#find[open]");
  await accessible(page, "ask", "dark");
  await page.keyboard.type("b001 1.1");
  await page.waitForSelector("#found [role=option]");
  assert.equal(await page.locator("#found [role=option]").count(), 2);
  await accessible(page, "found", "dark");
  await press(page, "ArrowDown", "Enter");
  await page.waitForFunction(() => document.getElementById("card").dataset.field === "1.1.b");
  await choose(page, "crossed");
  await settled(page);
  assert.equal((await shown(page)).item, first.item, "what was shown before comes next");
  await press(page, "u");
  await page.waitForFunction(() => document.getElementById("card").dataset.field === "1.1.b");
  await press(page, "Shift+O");
  await page.keyboard.type("nothing like it");
  await press(page, "Enter", "Escape");
  assert.equal((await shown(page)).field, "1.1.b");
}

const browser = await launch();
try {
  await scenario("find", browser, {}, find);
} finally {
  await browser.close();
}
