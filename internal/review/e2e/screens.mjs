// Every screen, and what goes wrong: undo, the grid, spot checks, languages, names, reloads,
// numbers that cannot be, a server that does not answer.

import assert from "node:assert/strict";
import { accessible, config, open, press } from "../../e2e/chromium.mjs";
import { answer, ask, choose, describe, focus, next, settled, shown, sign, size, skipTo } from "./card.mjs";

export async function screens(context) {
  const page = await open(context, config.screens, "screens");
  await page.waitForSelector("#who[open]");
  await accessible(page, "who", "dark");
  await sign(page, "Ada");
  await help(page);
  await language(page);
  await names(page);
  await wholePage(page);
  await undo(page);
  await grid(page);
  await impossible(page);
  await spotCheck(page);
  await overtaken(page);
  await reload(page);
  await small(page);
}

const isOpen = async (page, card) => (await ask(page, `api/item/${card.item}`)).open;

async function help(page) {
  await shown(page);
  await press(page, "?");
  await page.waitForSelector("#help[open]");
  await accessible(page, "help", "dark");
  await press(page, "Escape");
  await page.waitForSelector("#help:not([open])", { state: "attached" });
}

async function language(page) {
  const lang = () => page.evaluate(() => document.documentElement.lang);
  const title = await page.textContent("#title");
  assert.equal(await lang(), "en");
  await press(page, "l");
  await page.waitForFunction(() => document.documentElement.lang === "de");
  assert.notEqual(await page.textContent("#title"), title);
  await accessible(page, "german", "dark");
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  await shown(page);
  assert.equal(await lang(), "de", "the language is kept");
  await press(page, "l");
  await page.waitForFunction(() => document.documentElement.lang === "en");
}

// names are nowhere until they are asked for.
async function names(page) {
  const card = await skipTo(page, "sticker");
  const registration = config.answers.fields[`${card.source} ${card.sourcePage} ${card.field}`];
  const search = async () => {
    await page.keyboard.type(registration);
    await page.waitForSelector("#students [role=option]");
  };
  await search();
  assert.doesNotMatch(await page.textContent("body"), /Student \d\d/);
  await accessible(page, "students", "dark");
  await press(page, "Escape", "Escape", "n");
  await search();
  await page.waitForSelector("#students .name");
  assert.match(await page.textContent("#students"), /Student \d\d/);
  await accessible(page, "names");
  await press(page, "Escape", "Escape", "n");
  await search();
  assert.doesNotMatch(await page.textContent("body"), /Student \d\d/);
  await press(page, "Escape", "Escape");
}

async function wholePage(page) {
  await skipTo(page, "box");
  await press(page, "w");
  await page.waitForSelector("#whole[open] img");
  await accessible(page, "whole", "dark");
  await press(page, "+", "+");
  await accessible(page, "whole-large");
  await press(page, "Escape");
}

async function undo(page) {
  const card = await skipTo(page, "box");
  await choose(page, "crossed");
  await next(page, card);
  await settled(page);
  assert.equal(await isOpen(page, card), false);
  await press(page, "u");
  await page.waitForFunction((id) => document.getElementById("card").dataset.item === id, card.item);
  assert.equal(await isOpen(page, card), true, "it waits again");
  await choose(page, "empty");
  await next(page, card);
  await settled(page);
  const { history, value } = await ask(page, `api/item/${card.item}`);
  assert.equal(value, "empty");
  assert.deepEqual(history.map((h) => h.action), ["decide", "withdraw", "decide"], "the ledger forgets nothing");
}

async function grid(page) {
  const groups = {};
  for (const item of (await ask(page, "api/queue?limit=200&reviewer=Ada")).items) if (item.group) groups[item.id] = item.group;
  const alike = (card) => Object.values(groups).filter((g) => g === groups[card.item]).length;
  const card = await skipTo(page, (c) => alike(c) > 3);
  await press(page, "g");
  await page.waitForSelector("#grid:not([hidden])");
  await page.waitForFunction(() => [...document.querySelectorAll("#tiles img")].every((i) => i.complete));
  await accessible(page, "grid", "dark");
  const n = await page.locator("#tiles .tile").count();
  assert.equal(n, Math.min(40, alike(card)));
  await press(page, "ArrowRight", " ");
  assert.equal(await page.locator("#tiles [aria-pressed=true]").count(), 1);
  await accessible(page, "grid-exception");
  const before = (await ask(page, "api/state")).counts.open;
  await press(page, "Enter");
  await page.waitForSelector("#grid", { state: "hidden" });
  const exception = await shown(page);
  await settled(page);
  assert.equal(groups[exception.item], groups[card.item], "the exception comes next, by itself");
  assert.equal(await isOpen(page, exception), true);
  const { history, open: waits } = await ask(page, `api/item/${card.item}`);
  assert.deepEqual([waits, history.map((h) => h.mode)], [false, ["batch"]]);
  const after = (await ask(page, "api/state")).counts.open;
  assert.ok(after <= before - (n - 1), `${n - 1} decided at once: ${before} before, ${after} after`);
  await press(page, "u");
  await page.waitForFunction((id) => document.getElementById("card").dataset.item !== id, exception.item);
  assert.equal((await ask(page, "api/state")).counts.open, before, "one key takes all of it back");
}

// impossible types a number that the field cannot hold.
async function impossible(page) {
  const card = await skipTo(page, "score");
  await page.keyboard.type("99");
  await press(page, "Enter");
  await page.waitForSelector("#number[aria-invalid=true]");
  assert.equal((await shown(page)).item, card.item);
  await accessible(page, "impossible", "dark");
  await press(page, "Control+a", "Delete");
}

const truthOf = (card) => config.answers.fields[`${card.source} ${card.sourcePage} ${card.field}`];

async function spotCheck(page) {
  await press(page, "Shift+P");
  await page.waitForSelector("#spot-dialog[open]");
  await accessible(page, "spot-ask", "dark");
  await press(page, "Control+a");
  await page.keyboard.type("5");
  await press(page, "Enter");
  let slip = null; // one answer is wrong: it is asked again before it counts as the reader's error
  for (let i = 0; i < 5; i++) {
    const card = await skipTo(page, "spot");
    const item = await ask(page, `api/item/${card.item}`);
    assert.deepEqual([item.guess, item.value, item.confidence], ["", "", null], "nobody sees what the reader said");
    if (i === 0) await accessible(page, "spot", "dark");
    if (!slip && card.of === "box") {
      slip = card;
      await choose(page, truthOf(card) === "empty" ? "crossed" : "empty");
    } else await answer(page, card, config.answers);
    await next(page, card);
  }
  assert.ok(slip, "the sample holds a box");
  await settled(page);
  assert.equal((await ask(page, "api/state")).spot.wrong, 1);
  const again = await skipTo(page, (card) => card.item === slip.item);
  assert.match(await page.textContent("#reason"), /look again/);
  await choose(page, truthOf(again));
  await settled(page);
  const { spot } = await ask(page, "api/state");
  assert.deepEqual([spot.asked, spot.done, spot.wrong], [5, 5, 0]);
  assert.ok(Math.abs(spot.bound - (1 - 0.05 ** (1 / 5))) < 1e-9, `the bound of 0 of 5 is 45 %, not ${spot.bound}`);
  await press(page, "Shift+P");
  await page.waitForSelector("#spot-dialog[open] table");
  await accessible(page, "spot-results", "dark");
  await press(page, "Escape");
  await focus(page, "kind"); // everything again
  await press(page, "Home");
  await page.waitForSelector("#empty", { state: "hidden" });
}

// overtaken: an answer settles the card that comes next as well. It is exchanged before anybody saw
// it, and a key that was meant for it answers nothing; or else it stays and says so.
async function overtaken(page) {
  const { counts } = await ask(page, "api/state");
  const decide = async (wait) => {
    const card = await skipTo(page, "box");
    await page.evaluate(replyClosingNext, { counts, wait });
    await choose(page, config.answers.fields[`${card.source} ${card.sourcePage} ${card.field}`]);
    return page.waitForFunction(() => window.closedNext).then((c) => c.jsonValue());
  };
  const second = await decide(20);
  await page.waitForSelector("body[data-deaf]");
  const third = await shown(page);
  assert.notEqual(third.item, second);
  await choose(page, "crossed"); // too soon for anybody to have seen the third card
  await settled(page);
  assert.equal((await shown(page)).item, third.item);
  assert.equal(await isOpen(page, third), true);

  const late = await decide(500);
  await page.waitForSelector("#reason.late");
  assert.equal((await shown(page)).item, late, "it stays");
  await accessible(page, "overtaken", "dark");
  await press(page, "s");
  assert.notEqual((await shown(page)).item, late);
}

// replyClosingNext lets the next decision be answered, after so many ms, as if the card that is
// shown by then needed no answer any more. The server's own answer is not waited for.
function replyClosingNext({ counts, wait }) {
  const real = window.fetch;
  window.closedNext = "";
  window.fetch = async (url, options) => {
    if (!String(url).includes("api/decide")) return real(url, options);
    window.fetch = real;
    void real(url, options);
    await new Promise((ok) => setTimeout(ok, wait));
    window.closedNext = document.getElementById("card").dataset.item;
    return Response.json({ done: [], items: [], closed: [window.closedNext], counts });
  };
}

// reload begins anew while the server takes nothing: what was decided by then is not lost.
async function reload(page) {
  const kept = [...page.said];
  await page.route("**/api/decide", (route) => route.abort());
  const decided = [];
  for (let card = await skipTo(page, "box"); decided.length < 3; card = await skipTo(page, "box")) {
    await choose(page, "crossed");
    decided.push(card);
    await next(page, card);
  }
  await page.waitForSelector("#trouble:not([hidden])");
  await accessible(page, "trouble", "dark");
  for (const card of decided) assert.equal(await isOpen(page, card), true);
  await page.unroute("**/api/decide");
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  page.said = kept; // what was reported until here was meant to be
  const card = await shown(page);
  assert.ok(!decided.some((d) => d.item === card.item), `${describe(card)} was decided before`);
  await settled(page);
  for (const one of decided) assert.equal(await isOpen(page, one), false, `${describe(one)} is decided`);
  assert.equal(await page.locator("#who[open]").count(), 0, "the name is kept");
}

// small is the page at twice its size on a small screen: nothing lies beside it.
async function small(page) {
  await page.setViewportSize({ width: 640, height: 400 });
  for (const kind of ["box", "page"]) {
    await skipTo(page, kind);
    await accessible(page, `small-${kind}`, "dark");
    const [width] = await size(page);
    assert.ok(width <= 640, `a ${kind} is ${width} pixels wide on a screen of 640`);
  }
}
