// Spot checks: a random sample of what the reader was sure of, decided without seeing its answer.

import { ask, query } from "./api.js";
import { $, h } from "./dom.js";
import { state } from "./state.js";
import { has, percent, t } from "./words.js";

const row = (tag, cells) => h("tr", {}, cells.map((c, i) => h(i === 0 || tag === "th" ? "th" : "td", { scope: tag === "th" ? "col" : i === 0 ? "row" : null }, c)));

// drawSpot is what the sample says so far; all: also for each stratum.
export function drawSpot(spot, all) {
  const said = h("p", {}, spot.done === 0 ? t("spot.begun", { asked: spot.asked }) :
    t("spot.result", { done: spot.done, asked: spot.asked, wrong: spot.wrong, rate: percent(spot.rate, 1), bound: percent(spot.bound, 1) }));
  if (!all || (spot.strata ?? []).length === 0) return said;
  const name = (s) => has(`stratum.${s.name}`) ? t(`stratum.${s.name}`) : s.name;
  return h("div", {}, said, h("table", {}, h("thead", {}, row("th", [t("spot.what"), t("spot.looked"), t("spot.wrong"), t("spot.atmost")])),
    h("tbody", {}, spot.strata.map((s) => row("td", [name(s), s.n, s.wrong, s.n > 0 ? percent(s.bound, 1) : "–"])))));
}

const drawResults = () => $("spot-results").replaceChildren(state.spot?.asked ? drawSpot(state.spot, true) : "");

// openSpot shows what is known, then what refresh finds, and asks how many more. begun is called
// when the sample is there.
export function openSpot(begun, refresh, say) {
  const dialog = $("spot-dialog");
  drawResults();
  refresh().then(drawResults, () => {});
  dialog.returnValue = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "ok") return;
    try {
      const got = await ask("api/spot" + query({ n: $("spot-n").value, reviewer: state.reviewer }));
      begun(got);
    } catch (error) {
      say(error.message, true);
    }
  };
  dialog.showModal();
  $("spot-n").select();
}
