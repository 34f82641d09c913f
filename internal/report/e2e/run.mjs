// Shows reports in Chromium, without any network.
//
//   node run.mjs config.json    [{"name", "html"}, ...]

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { accessible, config, launch, scenario } from "../../e2e/chromium.mjs";

const dir = mkdtempSync(join(tmpdir(), "scan-report-"));
const browser = await launch();

// open shows a report from a file, as a user would, and notes what it asks for and complains of.
async function open(context, { name, html }) {
  const file = join(dir, `${name}.html`);
  writeFileSync(file, html);
  const page = await context.newPage();
  Object.assign(page, { name, said: [], asked: [] });
  page.on("console", (m) => page.said.push(m.text()));
  page.on("pageerror", (e) => page.said.push(e.stack));
  page.on("request", (r) => page.asked.push(r.url()));
  await page.goto(pathToFileURL(file).href);
  return page;
}

async function look(context, report) {
  const page = await open(context, report);
  await accessible(page, "page", "dark");
  assert.deepEqual(page.asked.filter((url) => !url.startsWith("data:")), [page.url()], "it asks for itself alone");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#figures");

  await page.setViewportSize({ width: 360, height: 700 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360, "a narrow window scrolls tables alone");
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 700, height: 1000 }); // A4 less its margins
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 700, "nothing is cut off on paper");
  const pdf = await page.pdf({ preferCSSPageSize: true, path: process.env.SCAN_SHOTS && join(process.env.SCAN_SHOTS, `${report.name}.pdf`) });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
}

try {
  for (const report of config) {
    await scenario(report.name, browser, { offline: true }, (context) => look(context, report));
  }
} finally {
  await browser.close();
  rmSync(dir, { recursive: true });
}
