// What stands beside a card: who decided what, the sum and its parts, the other fields of the
// question, and how a spot check goes.

import { $, fill, h } from "./dom.js";
import { shortName, sort, value } from "./naming.js";
import { drawSpot } from "./spot.js";
import { state } from "./state.js";
import { clock, t } from "./words.js";

// drawFacts shows them; look opens another field's item.
export function drawFacts(item, look) {
  history(item);
  sum(item, look);
  others(item, look);
  const spot = item.kind === "spot" && state.spot !== null && state.spot.asked > 0;
  fill($("spot-now"), spot ? [h("h3", { id: "spot-now-title" }, t("spot.title")), drawSpot(state.spot, false)] : null);
}

function history(item) {
  const all = [...(item.history ?? [])].sort((a, b) => Number(b.stands ?? false) - Number(a.stands ?? false));
  const said = (d) => (d.action === "withdraw" ? t("history.withdrawn") : d.stands === false ? h("s", {}, value(d.value, sort(item))) : h("strong", {}, value(d.value, sort(item))));
  const row = (d) => h("tr", {}, h("th", { scope: "row" }, d.who), h("td", {}, said(d)),
    h("td", { class: "faint" }, `${clock(d.at)}${d.mode && d.mode !== "single" ? `, ${t(`mode.${d.mode}`)}` : ""}`));
  fill($("history"), all.length === 0 ? null : [
    h("h3", { id: "history-title" }, t(item.kind === "conflict" ? "history.conflict" : "history.title")),
    h("table", {}, h("tbody", {}, all.map(row)))]);
}

function sum(item, look) {
  const all = item.sum;
  fill($("sum"), !all ? null : [
    h("h3", { id: "sum-title" }, t("sum.title")),
    h("p", {}, t(all.total === null ? "sum.open" : "sum.said", { written: value(String(all.written ?? ""), "score"), total: value(String(all.total ?? ""), "score") })),
    h("ul", { class: "parts" }, (all.parts ?? []).map((p) => entry(p, h("span", {}, p.field), "credit", look)))]);
}

function others(item, look) {
  const all = item.others ?? [];
  fill($("others"), all.length === 0 ? null : [
    h("h3", { id: "others-title" }, t("others.title")),
    h("ul", { class: "parts wide" }, all.map((o) => entry(o, h("span", {}, shortName(o.field, item.question)), sort(item), look)))]);
}

// entry is a field and its value: a button where it can be looked at.
function entry(field, name, kind, look) {
  const nothing = !field.value && field.reason === "empty";
  const said = [name, " ", h("strong", {}, nothing ? t("value.nothing") : value(String(field.value ?? ""), kind))];
  if (!field.item) return h("li", {}, h("span", { class: "plain" }, said));
  const b = h("button", { type: "button" }, said);
  b.addEventListener("click", () => look(field.item));
  return h("li", {}, b);
}
