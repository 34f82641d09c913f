// Reviews a demo in Chromium. Go makes the demo, starts scan review, says what is true of every
// page, and compares the scores afterwards.
//
//   node run.mjs config.json    {"queue": link, "pair": [link, link], "screens": link, "answers": ...}

import { launch, scenario } from "../../e2e/chromium.mjs";
import { pair } from "./pair.mjs";
import { queue } from "./queue.mjs";
import { screens } from "./screens.mjs";

const only = process.env.SCAN_ONLY; // one of the scenarios, for who works on it
const browser = await launch();
try {
  for (const run of [queue, pair, screens]) {
    if (!only || only === run.name) await scenario(run.name, browser, {}, run);
  }
} finally {
  await browser.close();
}
