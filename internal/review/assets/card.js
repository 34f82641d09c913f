// The card: one thing in question, large, with what the reader says and what can be answered.

import { answers, button, guessOf, offered, rows } from "./choices.js";
import { $, fill, h, kbd } from "./dom.js";
import { drawFacts } from "./facts.js";
import { drawLegend } from "./legend.js";
import { confidence, place, reason, rememberBooklets, sort, title, value } from "./naming.js";
import { clearPage, drawPage, isPage } from "./pageform.js";
import { about, frame, ratio } from "./pictures.js";
import { state } from "./state.js";
import { clearStudents } from "./students.js";
import { t } from "./words.js";

// drawCard shows an item. again: it is the one already shown, and what was typed stays.
export function drawCard(item, act, again) {
  const card = $("card"), kind = sort(item);
  rememberBooklets(item.pages?.booklets ?? []);
  Object.assign(card.dataset, { item: item.id, kind: item.kind, of: item.of ?? "", source: item.source, sourcePage: item.source_page, field: item.field, page: item.page, sort: kind, booklet: item.booklet });
  card.classList.toggle("paper", isPage(item));
  card.classList.toggle("spot", item.kind === "spot");
  drawWhat(item);
  drawPictures(item, again);
  drawGuess(item, kind);
  drawAnswers(item, kind, act, again);
  drawFacts(item, act.look);
  drawLegend(kind);
}

function drawWhat(item) {
  $("title").textContent = title(item);
  fill($("question"), item.question_title);
  const late = state.overtaken ? t("overtaken") : "";
  $("reason").className = late ? "late" : "";
  fill($("reason"), late || reason(item));
  fill($("place"), place(item));
}

function drawPictures(item, again) {
  const { close, around, whole } = item.pictures ?? {};
  const main = isPage(item) ? whole ?? close : close ?? whole;
  if (!again && !isPage(item)) {
    fill($("close"), main ? frame(main, t("picture.close", { what: title(item) })) : null);
    fill($("around"), around ? frame(around, t("picture.around", { what: title(item) }), about(around)) : null);
    if (around) $("around").style.setProperty("--ratio", ratio(around, about(around)));
  }
  $("around-figure").hidden = isPage(item) || !around;
}

function drawGuess(item, kind) {
  const guess = guessOf(item);
  if (isPage(item)) return fill($("guess"));
  if (item.kind === "spot") return fill($("guess"), t("guess.spot"));
  if (item.kind === "conflict") return fill($("guess"), t("guess.conflict"));
  if (guess === "") return fill($("guess"), t("guess.none"));
  fill($("guess"), h("span", {}, `${t("guess.label")} `), h("strong", {}, value(guess, kind)), h("span", { class: "sure" }, ` ${confidence(item.confidence)}`),
    offered(item) === "" ? null : h("span", { class: "keys" }, kbd(t("key.Enter")), ` ${t("guess.accept")}`));
}

function drawAnswers(item, kind, act, again) {
  const shown = (a) => ({ ...a, guess: offered(item) !== "" && a.guess });
  $("choices").replaceChildren(...rows(item).map((row) => h("div", { class: "row" }, row.map((a) => button(shown(a), kind, act.decide)))));
  $("choices").hidden = answers(item).length === 0 && !isPage(item);
  drawTyping(item, kind, again);
  $("search").hidden = kind !== "sticker";
  if (kind === "sticker" && !again) clearStudents();
  if (isPage(item)) drawPage(item, act, again);
  else clearPage();
}

function drawTyping(item, kind, again) {
  const n = item.number;
  $("typing").hidden = !n || (kind === "credit" && answers(item).every((a) => a.keys.length > 0));
  if (!n) return;
  $("number-label").textContent = t(kind === "credit" ? "number.credit" : "number.label");
  $("number-hint").textContent = t("number.hint", { min: value(String(n.min)), max: value(String(n.max)), step: value(String(n.step)) });
  if (!again) { $("number").value = ""; $("number").removeAttribute("aria-invalid"); }
}

// focusCard puts the keyboard where the answer is given.
export function focusCard(item) {
  const kind = item ? sort(item) : "";
  const at = !item ? $("empty") : kind === "score" ? $("number") : kind === "sticker" ? $("student") : $("card");
  if (!at.hidden) at.focus({ preventScroll: true });
}

// spoken tells an item to somebody who listens.
export function spoken(item) {
  const guess = guessOf(item), sure = item.confidence === null ? "" : `, ${confidence(item.confidence)}`;
  return [title(item), item.question_title, reason(item), guess === "" ? "" : `${t("guess.label")} ${value(guess, sort(item))}${sure}`].filter((x) => x).map((x) => (/[.?!]$/.test(x) ? x : `${x}.`)).join(" ");
}

