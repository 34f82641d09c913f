// Runs the page editor in Chromium: with the mouse, with the keyboard alone, against a file that
// changes beneath it. Go starts the servers, says where they are, and compares the files.
//
//   node run.mjs config.json    {"mouse": {"link", "file"}, "keyboard": ..., "conflict": ...}

import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { accessible as audit, config, launch, open as openPage, press as pressKeys, scenario, shot as picture } from "../../e2e/chromium.mjs";

let page;

// open shows the page with its print drawn.
async function open(context, name) {
  page = await openPage(context, config[name].link, name);
  await page.waitForFunction(() => document.getElementById("print").complete);
}

const shot = (what) => picture(page, what);
const accessible = (state, ...schemes) => audit(page, state, ...schemes);
const press = (...keys) => pressKeys(page, ...keys);
const box = (label) => page.locator(`#boxes [role=option][aria-label^="${label}"]`);
const status = (text) => page.waitForFunction((t) => document.getElementById("status").textContent.includes(t), text);
const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.id);

// at is a place on the form page in CSS pixels.
async function at(x, y) {
  const sheet = await page.locator("#boxes").boundingBox();
  const [, , w] = (await page.locator("#boxes").getAttribute("viewBox")).split(" ").map(Number);
  return [sheet.x + x * sheet.width / w, sheet.y + y * sheet.width / w, sheet.width / w];
}

async function drag(from, to) {
  await page.mouse.move(...(await at(...from)).slice(0, 2));
  await page.mouse.down();
  const [x, y] = await at(...to);
  await page.mouse.move(x - 2, y - 2, { steps: 3 });
  await page.mouse.move(x, y);
  await page.mouse.up();
}

async function mouse(context) {
  await open(context, "mouse");
  await accessible("cover", "dark");
  await page.click("#next");
  await status("Page 2");
  await drag([29.4, 64.6], [31.4, 65.6]); // option a of 1.1
  assert.match(await box("Question 1.1, option a").getAttribute("aria-label"), /at 29\.7\d*, 63\.9/);
  await shot("moved");

  await page.waitForSelector("#marks .bad");
  await box("Question 1.1, option a").hover();
  await page.waitForSelector("#callout:not([hidden])"); // beside its print
  assert.match(await page.textContent("#callout"), /exam\.yaml:\d+: the form prints no frame there/);
  await accessible("callout");

  await box("Question 1.1, option b").click();
  await page.click("#delete");
  assert.equal(await box("Question 1.1, option b").count(), 0);
  await page.click("text=Choice box");
  await page.mouse.click(...(await at(29.4, 72)).slice(0, 2)); // into its printed frame
  await status("option b added at the printed frame");
  await shot("drawn-by-click");

  await page.click("#add-question"); // a box is drawn and taken back
  await drag([60, 140], [66, 146]);
  await status("added");
  await shot("drawn");
  await page.click("#undo");
  await page.click("#undo");
  assert.equal(await page.locator("#boxes [role=option]").count(), 32);

  await page.click("text=Select");
  await drag([20, 60], [40, 76]); // around a and b
  assert.equal(await page.locator("#boxes [aria-selected=true]").count(), 2);
  await shot("marquee");
  // Remarks come from the server, sooner or later: they are no part of where a box lies.
  const places = async () => Promise.all(["a", "b"].map(async (o) => (await box(`Question 1.1, option ${o}`).getAttribute("aria-label")).replace(", has a remark", "")));
  const before = await places();
  await drag([29.4, 72], [59.4, 102]); // both, by one of them
  assert.match(await box("Question 1.1, option b").getAttribute("aria-label"), /at 57\.\d+, 100\.\d+/);
  assert.match(await box("Question 1.1, option a").getAttribute("aria-label"), /at 59\.\d+, 93\.\d+/);
  await page.click("#undo");
  assert.deepEqual(await places(), before);
  await box("Question 1.1, option b").click();
  await page.selectOption("#field-correct", "true");
  await page.click("#larger");
  await page.click("#larger");
  await shot("zoomed");
  await drag([...(await handle("se"))], [(await handle("se"))[0] + 1, (await handle("se"))[1] + 1]);
  await page.click("#undo");
  await page.click("#fit");
  const began = performance.now();
  await page.click("#save");
  await status("Saved exam.yaml");
  console.log(`mouse: saved in ${Math.round(performance.now() - began)} ms`);
  await shot("saved");
}

// handle is the middle of a handle in mm.
async function handle(which) {
  let b = null; // drawn anew after each answer of the server
  while (!b) b = await page.locator(`#marks .${which}`).boundingBox();
  const [x, y, scale] = await at(0, 0);
  return [(b.x + b.width / 2 - x) / scale, (b.y + b.height / 2 - y) / scale];
}

async function keyboard(context) {
  await open(context, "keyboard");
  await press("PageDown");
  await status("Page 2");
  await press("F6", "F6", "Tab");
  assert.match(await focused(), /Question 1\.1, option a/);
  await press("ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Alt+ArrowRight");
  assert.match(await focused(), /at 28\.04, 63\.9, 3\.6 by 3\.5/);
  await press("Control+z", "Control+z", "Control+z"); // a row of moves is one step
  assert.match(await focused(), /at 27\.74, 62\.9, 3\.5 by 3\.5/);
  await press("Control+Shift+z");
  await accessible("selected", "dark");
  await press("Tab", "c"); // b is right now
  await status("option b is right");
  await press("Control+ArrowRight"); // d
  assert.match(await focused(), /Question 1\.1, option d/);
  await press("Delete");
  await status("1 deleted");
  assert.match(await focused(), /Question 1\.2, option a/);
  await press("Shift+Tab", "n", "c"); // a new one below c, right
  assert.match(await focused(), /Question 1\.1, option d, right; at 113\.19/);
  await press("f"); // the printed frame is 0.45 mm away
  await status("The box lies on the printed frame");
  await shot("new-option");
  await press(" ", "Shift+Tab", " ", "ArrowUp", "ArrowDown"); // c and d together
  assert.equal(await page.locator("#boxes [aria-selected=true]").count(), 2);
  await shot("together");
  await press("Escape", "Escape");

  await press("F6");
  for (let i = 0; i < 20 && !/^1\.2, /.test(await page.evaluate(() => document.activeElement.textContent.slice(2))); i++) await press("ArrowDown");
  await press("Enter", "Tab", "Tab"); // name, page, credits
  assert.equal(await focused(), "field-credits");
  await page.keyboard.type("3");
  await press("Tab");
  await page.waitForSelector("#remarks .wrong");
  await accessible("disagrees");
  await press("Control+s");
  await page.waitForSelector("#refused[open]");
  await accessible("refused", "dark");
  await press("Escape");
  assert.equal(readFileSync(config.keyboard.file, "utf8").includes("credits: 3\n        rule"), false, "nothing is written");
  await press("F6", "Control+z");
  await page.waitForFunction(() => document.querySelectorAll("#remarks .wrong").length === 0);
  await press("Control+s");
  await status("Saved exam.yaml");

  await press("?");
  await page.waitForSelector("#keys[open]");
  await accessible("keys");
  await press("Escape");
  await press("PageDown");
  await status("Page 3");
  await press("F6", "F6", "Tab", "Control+a", "d"); // a dialog with the pitch
  await page.waitForSelector("#repeat-dialog[open]");
  await accessible("repeat");
  await press("2", "Tab", "2", "0", "Enter"); // 2 more, each 20 mm to the right
  await status("48 more");
  assert.equal(await page.locator("#boxes [role=option]").count(), 72);
  await press("Control+z");
  assert.equal(await page.locator("#boxes [role=option]").count(), 24);
}

async function conflict(context) {
  await open(context, "conflict");
  await press("PageDown");
  await page.locator("#boxes [role=option]").first().focus();
  await press("ArrowRight");
  appendFileSync(config.conflict.file, "# by somebody else\n");
  await press("Control+s");
  await page.waitForSelector("#refused[open]");
  await accessible("conflict");
  await page.click("#refused-do");
  await status("Loaded exam.yaml again");
  assert.equal(await page.textContent("#save"), "Save");
  await press("1");
  await page.setViewportSize({ width: 640, height: 900 });
  await accessible("narrow");
}

const browser = await launch();
try {
  for (const run of [mouse, keyboard, conflict]) await scenario(run.name, browser, { viewport: { width: 1400, height: 900 } }, run);
} finally {
  await browser.close();
}
