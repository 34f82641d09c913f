// What every script in a browser needs: Chromium, pages that fail on what they report to the
// console, axe-core, pictures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

// config is what the Go test wrote down.
export const config = JSON.parse(readFileSync(process.argv[2], "utf8"));

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

// launch starts the Chromium that is installed.
export function launch() {
  const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, args: flags });
}

// open shows a link in a new page once it is ready. Errors that it reports to the console are kept
// in page.said; answers of the server that a test provokes (conflict, not allowed) are none.
export async function open(context, link, name) {
  const page = await context.newPage();
  page.said = [];
  page.on("console", (m) => { if (m.type() === "error" && !/status of 4(09|22)/.test(m.text())) page.said.push(m.text()); });
  page.on("pageerror", (e) => page.said.push(e.stack));
  page.on("requestfailed", (r) => { if (r.failure().errorText !== "net::ERR_ABORTED") page.said.push(`${r.url()}: ${r.failure().errorText}`); });
  page.name = name;
  const began = performance.now();
  await page.goto(link);
  await page.waitForSelector("body[data-ready]");
  console.log(`${name}: loaded in ${Math.round(performance.now() - began)} ms`);
  return page;
}

// shot takes a picture into SCAN_SHOTS, if that is set.
export async function shot(page, what) {
  if (!process.env.SCAN_SHOTS) return;
  await page.waitForTimeout(100);
  await page.screenshot({ path: join(process.env.SCAN_SHOTS, `${page.name}-${what}.png`) });
}

// accessible asks axe-core for everything it knows, best practices included, in light and in the
// other schemes named.
export async function accessible(page, state, ...schemes) {
  for (const colorScheme of ["light", ...schemes]) {
    await page.emulateMedia({ colorScheme });
    await shot(page, `${state}-${colorScheme}`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document));
    const list = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`);
    assert.deepEqual(list, [], `axe-core, ${state}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

// press presses keys one after another.
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

// scenario runs one part of a script; where it fails a picture shows how far it came.
export async function scenario(name, browser, options, run) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
  context.setDefaultTimeout(45000);
  try {
    await run(context);
    for (const page of context.pages()) assert.deepEqual(page.said, [], `${page.name} reported to the console`);
  } catch (error) {
    for (const page of context.pages()) await shot(page, "failed").catch(() => {});
    const said = context.pages().flatMap((page) => page.said ?? []);
    throw new Error([`${name}: ${error.message}`, ...said].join("\n"), { cause: error });
  } finally {
    await context.close();
  }
}
