// Pages that could not be read or placed: assigned to a booklet by hand, turned, kept or dropped
// with a reason. Also what is missing from a booklet, and doubts about one.

import { $, fill, h, kbd } from "./dom.js";
import { sort, title } from "./naming.js";
import { frame, turned } from "./pictures.js";
import { t } from "./words.js";

export const dropWords = ["not-ours", "blank", "second-scan", "unusable"];

// isPage says whether an item is about paper as a whole.
export const isPage = (item) => ["page", "missing", "booklet"].includes(sort(item));

let shown = null, turn = 0, dropping = false;

export const isDropping = () => dropping;

export function clearPage() {
  dropping = false;
  $("assign").hidden = true;
}

// drawPage shows the paper and what can be done with it.
export function drawPage(item, act, again) {
  if (!again) {
    turn = 0;
    shown = item;
  }
  dropping = false;
  drawPaper();
  $("assign").hidden = sort(item) !== "page";
  if (sort(item) !== "page") return;
  if (!again) drawForm(item, act);
  else relabel();
  $("choices").append(dropRow(act));
}

function drawPaper() {
  const p = shown.pictures?.whole ?? shown.pictures?.close;
  fill($("close"), p ? frame(turned(p, turn), t("picture.whole", { what: title(shown) })) : null);
}

// turnPage turns the picture a quarter clockwise: this is how the page will be read.
export function turnPage() {
  turn = (turn + 90) % 360;
  drawPaper();
  relabel();
  return turn;
}

const guessed = (item) => item.pages?.guess || Number(item.guess) || item.page || 0;

// candidates are the booklets: first those that lack the page it resembles, then others that lack
// one, then the rest.
function candidates(item) {
  const page = guessed(item);
  const rank = (b) => (b.id === item.booklet && (b.missing ?? []).length ? 0 : (b.missing ?? []).includes(page) ? 1 : (b.missing ?? []).length ? 2 : 3);
  return (item.pages?.booklets ?? []).map((b) => [rank(b), b]).sort((a, b) => a[0] - b[0] || a[1].id.localeCompare(b[1].id, "en", { numeric: true })).map(([, b]) => b);
}

function drawForm(item, act) {
  const all = candidates(item);
  const option = (b) => h("option", { value: b.anchor }, (b.missing ?? []).length ? t("page.lacks", { booklet: b.id, n: b.missing.length, pages: b.missing.join(", ") }) : b.id);
  const booklet = h("select", { id: "booklet" }, all.map(option), h("option", { value: "new" }, t("page.new")));
  const page = h("input", { id: "formpage", inputMode: "numeric", size: 4, autocomplete: "off" });
  const first = all[0];
  page.value = guessed(item) || (first?.missing ?? [])[0] || "";
  booklet.addEventListener("change", () => {
    const lacks = all.find((b) => b.anchor === booklet.value)?.missing ?? [];
    if (lacks.length > 0 && !lacks.includes(Number(page.value))) page.value = lacks[0];
    relabel();
  });
  page.addEventListener("input", relabel);
  const send = h("button", { id: "assign-do", type: "submit", class: "guess", "data-key": "Enter", "data-value": "" });
  fill($("assign"),
    h("label", { htmlFor: "booklet" }, t("page.booklet"), " ", kbd("B")), booklet,
    h("label", { htmlFor: "formpage" }, t("page.form"), " ", kbd("F")), page,
    h("span", {}, t("page.turned"), " ", kbd("T")), h("button", { id: "turn", type: "button" }),
    send);
  $("turn").addEventListener("click", () => turnPage());
  $("assign").onsubmit = (event) => { event.preventDefault(); act.assign(); };
  relabel();
}

// assignment is the value that the form stands for; "": a form page is wanted.
export function assignment() {
  const page = Number($("formpage").value);
  if (!Number.isInteger(page) || page < 1) return "";
  return `assign ${$("booklet").value} ${page} ${((shown.pages?.turn ?? 0) + turn) % 360}`;
}

function relabel() {
  if (sort(shown) !== "page" || !$("booklet")) return;
  const value = assignment();
  $("turn").textContent = t("page.degrees", { turn });
  const send = $("assign-do");
  send.dataset.value = value;
  send.disabled = value === "";
  const name = $("booklet").selectedOptions[0]?.textContent.split(" (")[0] ?? "";
  send.replaceChildren(h("span", { class: "said" }, t("page.do", { booklet: name, page: $("formpage").value })), h("span", { class: "keys" }, kbd(t("key.Enter"))));
}

// dropRow holds the reasons to leave a page out. They answer only after D.
function dropRow(act) {
  const all = dropWords.map((word, i) => {
    const b = h("button", { type: "button", "data-value": `drop ${word}`, "data-key": String(i + 1), "data-after": "d" },
      h("span", { class: "said" }, t(`drop.${word}`)), h("span", { class: "keys" }, kbd("D"), kbd(String(i + 1))));
    b.addEventListener("click", () => act.decide(`drop ${word}`));
    return b;
  });
  return h("div", { class: "row drop", role: "group", "aria-label": t("drop.label") }, h("p", {}, t("drop.label")), all);
}

// startDrop waits for the reason, or stops waiting.
export function startDrop(on) {
  dropping = on;
  document.querySelector(".drop")?.classList.toggle("waiting", on);
}

// pageKey handles the keys of a page's card; it returns whether one was meant.
export function pageKey(event, act) {
  if (sort(shown) !== "page") return false;
  const key = event.key.toLowerCase();
  const typing = event.target.matches("input, select");
  if (dropping) {
    startDrop(false);
    const word = dropWords[Number(key) - 1];
    if (word) act.decide(`drop ${word}`);
    return word !== undefined || key === "escape";
  }
  if (event.key === "Enter") { act.assign(); return true; }
  if (/^\d$/.test(key)) {
    if (!typing) { $("formpage").focus(); $("formpage").select(); }
    return false; // the digit goes into the field
  }
  switch (key) {
    case "d": startDrop(true); act.say(t("drop.ask", { words: dropWords.map((w, i) => `${i + 1} ${t(`drop.${w}`)}`).join(", ") })); return true;
    case "t": act.say(t("page.degrees", { turn: turnPage() })); return true;
    case "b": $("booklet").focus(); return true;
    case "f": $("formpage").focus(); $("formpage").select(); return true;
  }
  return false;
}
