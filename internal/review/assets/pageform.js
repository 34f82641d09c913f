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
  $("assign").hidden = $("formpicture").hidden = true;
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
  fill($("formpicture"));
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

// proposed is where the server thinks that the page belongs: anchor and form page. Without a
// proposal the booklet stays open, so that Enter by itself places nothing.
function proposed(item) {
  const [word, anchor = "", page = ""] = (item.guess ?? "").split(" ");
  return word === "assign" ? { anchor, page: Number(page) } : { anchor: "", page: item.page || 0 };
}

function drawForm(item, act) {
  const all = item.pages?.booklets ?? [];
  const lacks = (b) => ((b.missing ?? []).length ? t("page.lacks", { n: b.missing.length, pages: b.missing.join(", ") }) : t("page.whole"));
  const booklet = h("input", { id: "booklet", autocomplete: "off", spellcheck: false, "aria-describedby": "booklet-hint" });
  booklet.setAttribute("list", "booklets");
  const page = h("input", { id: "formpage", inputMode: "numeric", autocomplete: "off" });
  const guess = proposed(item);
  const first = all.find((b) => b.anchor === guess.anchor);
  booklet.value = first?.id ?? "";
  page.value = guess.page || "";
  const hint = h("span", { id: "booklet-hint" });
  const tell = () => { const b = named(all); hint.textContent = booklet.value === newBooklet ? t("page.new") : b ? lacks(b) : ""; };
  booklet.addEventListener("input", () => {
    const missing = named(all)?.missing ?? [];
    if (missing.length > 0 && !missing.includes(Number(page.value))) page.value = missing[0];
    tell();
    relabel();
  });
  page.addEventListener("input", relabel);
  const send = h("button", { id: "assign-do", type: "submit", class: "guess", "data-key": "Enter", "data-value": "" });
  fill($("assign"),
    h("label", { htmlFor: "booklet" }, t("page.booklet"), " ", kbd("B")),
    h("span", { class: "field" }, booklet, hint, h("datalist", { id: "booklets" }, all.map((b) => h("option", { value: b.id, label: `${b.id}: ${lacks(b)}` })), h("option", { value: newBooklet, label: t("page.new") }))),
    h("label", { htmlFor: "formpage" }, t("page.form"), " ", kbd("F")),
    h("span", { class: "field" }, page, item.pages?.form_pages ? h("span", { class: "faint" }, t("page.of", { n: item.pages.form_pages })) : null),
    h("span", {}, t("page.turned"), " ", kbd("T")), h("button", { id: "turn", type: "button" }),
    send);
  $("turn").addEventListener("click", () => turnPage());
  $("assign").onsubmit = (event) => { event.preventDefault(); act.assign(); };
  tell();
  relabel();
}

const newBooklet = "new"; // what the server calls a booklet that is made for the page

// named is the booklet that was typed; undefined: it is not among those proposed.
const named = (all) => all.find((b) => b.id.toLowerCase() === $("booklet")?.value.trim().toLowerCase());

// assignment is the value that the form stands for; "": a form page is wanted.
export function assignment() {
  const page = Number($("formpage").value), booklet = named(shown.pages?.booklets ?? [])?.anchor ?? $("booklet").value.trim();
  if (!Number.isInteger(page) || page < 1 || /^$|\s/.test(booklet)) return "";
  return `assign ${booklet} ${page} ${upright()}`;
}

// upright is the clockwise turn in degrees that brings the stored image as it is shown.
const upright = () => ((shown.rotation ?? 0) + turn) % 360;

// drawFormPage shows the printed page that was typed, to hold the scan against.
function drawFormPage() {
  const n = Number($("formpage").value), all = shown.pages?.form_pages ?? 0;
  const known = Number.isInteger(n) && n >= 1 && n <= all;
  if (known && $("formpicture").querySelector("img")?.alt === t("page.printed", { n })) return;
  fill($("formpicture"), known ? [h("img", { src: `picture/form/${n}`, alt: t("page.printed", { n }) }), h("figcaption", {}, t("page.printed", { n }))] : null);
}

function relabel() {
  if (sort(shown) !== "page" || !$("booklet")) return;
  drawFormPage();
  const value = assignment();
  $("turn").textContent = t("page.degrees", { turn });
  const send = $("assign-do");
  send.dataset.value = value;
  send.dataset.turn = upright();
  send.disabled = value === "";
  const name = $("booklet").value.trim();
  const said = value === "" ? t("page.which") : t("page.do", { booklet: name === newBooklet ? t("page.new") : name, page: $("formpage").value });
  send.replaceChildren(h("span", { class: "said" }, said), h("span", { class: "keys" }, kbd(t("key.Enter"))));
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
  const typing = event.target.matches("input");
  if (dropping) {
    startDrop(false);
    const word = dropWords[Number(key) - 1];
    if (word) act.decide(`drop ${word}`);
    else act.say("");
    if (word || key === "escape") return true;
  }
  if (event.key === "Enter") { act.assign(); return true; }
  if (/^\d$/.test(key)) {
    if (!typing) { $("formpage").focus(); $("formpage").select(); }
    return false; // the digit goes into the field
  }
  switch (key) {
    case "d": startDrop(true); act.say(t("drop.ask", { words: dropWords.map((w, i) => `${i + 1} ${t(`drop.${w}`)}`).join(", ") })); return true;
    case "t": act.say(t("page.degrees", { turn: turnPage() })); return true;
    case "b": $("booklet").focus(); $("booklet").select(); return true;
    case "f": $("formpage").focus(); $("formpage").select(); return true;
  }
  return false;
}
