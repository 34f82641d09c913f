// The card as a reviewer sees it, and answering it with the keyboard alone.

import assert from "node:assert/strict";
import { press } from "../../e2e/chromium.mjs";

// The keys after d, as mark.DropWords has them.
const dropWords = ["not-ours", "blank", "second-scan", "unusable"];

// shown returns what the card is about; null where the queue is empty.
export async function shown(page) {
  const at = await page.waitForFunction(() => {
    const visible = (e) => e && e.checkVisibility();
    const card = document.getElementById("card");
    if (visible(document.getElementById("empty"))) return { empty: true };
    return visible(card) && card.dataset.item ? { ...card.dataset } : null;
  });
  const card = await at.jsonValue();
  return card.empty ? null : card;
}

// next waits until something else is shown than card.
export async function next(page, card) {
  try {
    await page.waitForFunction((id) => document.getElementById("card")?.dataset.item !== id || document.getElementById("empty")?.checkVisibility(), card.item, { timeout: 15000 });
  } catch {
    throw new Error(`${describe(card)} stays: ${await page.textContent("#status")}`);
  }
  return shown(page);
}

// describe names a card in messages.
export const describe = (card) => `${card.kind} ${card.field} of ${card.source}:${card.sourcePage}`;

// skipTo puts cards off until one is shown that wanted takes.
export async function skipTo(page, wanted) {
  const kind = typeof wanted === "string" ? wanted : "";
  const wants = kind ? (card) => card.kind === kind : wanted;
  let card = await shown(page);
  for (let i = 0; card && !wants(card); i++) {
    assert.ok(i < 300, `no such card is asked: ${wanted}`);
    if (card.kind === "sticker") await press(page, "Escape"); // out of the search field
    await press(page, "s");
    card = await next(page, card);
  }
  assert.ok(card, `no such card is asked: ${wanted}`);
  return card;
}

// ask gets an answer of the server.
export const ask = (page, path) => page.evaluate((p) => fetch(p).then((r) => r.json()), path);

// settled waits until the server has taken everything, and the page takes answers.
export const settled = (page) => page.waitForFunction(() => (document.body.dataset.pending ?? "0") === "0" && !document.body.dataset.deaf);

// size is how many pixels the page takes, width and height.
export const size = (page) => page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);

// sign says who reviews.
export async function sign(page, name) {
  await page.waitForFunction(() => document.activeElement?.id === "reviewer");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
}

// focus walks with the Tab key until an element has the focus.
export async function focus(page, id) {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate((want) => document.activeElement?.id === want, id)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`#${id} cannot be reached with the Tab key`);
}

// choose presses the key of a value.
export async function choose(page, value) {
  const key = await page.evaluate((v) => document.querySelector(`#choices button[data-value="${CSS.escape(v)}"]`)?.dataset.key, value);
  assert.ok(key, `no key decides ${JSON.stringify(value)}`);
  await page.keyboard.press(key);
}

// answer decides a card as a person would who knows the truth; false: not yet, it was put off.
export async function answer(page, card, truth) {
  const kind = card.of || card.kind;
  if (kind === "page") return placePage(page, card, truth.pages[`${card.source} ${card.sourcePage}`]);
  if (kind === "missing") return waive(page, card, truth.lost);
  if (kind === "booklet") return press(page, "y");
  const value = truth.fields[`${card.source} ${card.sourcePage} ${card.field}`];
  assert.ok(value, `the truth knows nothing of ${describe(card)}`);
  switch (kind) {
    case "sticker":
      return pickStudent(page, value);
    case "score":
      if (value === "none") return choose(page, value);
      await focus(page, "number");
      await page.keyboard.type(value.replace(".", ",")); // a point or a comma
      return page.keyboard.press("Enter");
    default:
      return choose(page, value);
  }
}

// placePage drops a page or puts it where it belongs, upright.
async function placePage(page, card, truth) {
  assert.ok(truth, `the truth knows nothing of ${describe(card)}`);
  if (truth.drop) return press(page, "d", String(1 + dropWords.indexOf(truth.drop)));
  for (let i = 0; i < 4 && (await turned(page)) !== truth.turn; i++) await press(page, "t");
  await press(page, "b");
  await page.keyboard.type(truth.booklet);
  await focus(page, "formpage");
  await press(page, "Control+a");
  await page.keyboard.type(String(truth.page));
  const [, , n, turn] = await assignment(page);
  assert.deepEqual([n, turn], [String(truth.page), String(truth.turn)], describe(card));
  await press(page, "Enter");
}

// assignment is what Enter would say of a page: assign, booklet, form page, turn.
const assignment = async (page) => (await page.getAttribute("#assign-do", "data-value")).split(" ");

const turned = async (page) => Number(await page.getAttribute("#assign-do", "data-turn"));

// waive says that pages will not come; pages that only lie elsewhere are looked for first.
async function waive(page, card, lost) {
  const item = await ask(page, `api/item/${card.item}`);
  const gone = item.pages.missing.every((n) => lost[item.booklet]?.includes(n));
  await press(page, gone ? "y" : "s");
  return gone;
}

// pickStudent finds a student by registration number and takes the first one listed.
async function pickStudent(page, registration) {
  await focus(page, "student");
  await page.keyboard.type(registration);
  await page.waitForFunction(() => document.querySelectorAll("#students [role=option]").length === 1);
  await press(page, "ArrowDown", "Enter");
}
