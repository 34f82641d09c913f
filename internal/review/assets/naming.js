// What an item, a value and a reason are called.

import { has, number, percent, t } from "./words.js";
import { state } from "./state.js";

// sort is the kind by which an item is answered: conflicts and spot checks are of another kind.
export const sort = (item) => item.of || (item.kind === "sum" ? "score" : item.kind);

const wordBehind = (whole, before) => whole.startsWith(`${before}.`) ? whole.slice(before.length + 1) : "";

// fieldName calls a field of readings.csv what a person would.
export function fieldName(field, question = "") {
  if (field === "sticker") return t("field.sticker");
  if (field.startsWith("@")) return t(`field.${field.slice(1)}`);
  const option = wordBehind(field, question);
  if (option) return t("field.box", { question, option });
  const [q, column] = field.split("/");
  if (column === "2") return t("field.second", { question: q });
  return q === question ? t("field.credit", { question: q }) : t("field.score", { field });
}

// shortName calls a field beside others of its question.
export function shortName(field, question) {
  const option = wordBehind(field, question);
  return option ? t("field.option", { option }) : fieldName(field, question);
}

export function title(item) {
  switch (sort(item)) {
    case "page": return t("title.page", { page: item.source_page, source: item.source });
    case "missing": return t("title.missing", { booklet: item.booklet, n: (item.pages?.missing ?? []).length, pages: (item.pages?.missing ?? []).join(", ") });
    case "booklet": return t("title.booklet", { booklet: item.booklet });
  }
  return fieldName(item.field, item.question);
}

// place tells where the paper lies.
export function place(item) {
  const said = [];
  if (item.booklet) said.push(t("place.booklet", { booklet: item.booklet }));
  if (item.page) said.push(t(item.kind === "page" && item.status !== "ok" ? "place.resembles" : "place.form", { page: item.page }));
  if (item.source) said.push(t("place.scan", { source: item.source, page: item.source_page }));
  return said.join(" · ");
}

// reason says in plain words why a person is asked.
export function reason(item) {
  if (item.again !== undefined) return t("reason.again", { value: value(item.value ?? "", sort(item)), reader: value(item.again, sort(item)) });
  if (item.open === false) return t("reason.stands", { value: value(item.value ?? "", sort(item)) });
  if (item.kind === "spot") return t("reason.spot");
  const [word, rest] = item.reason.split(":");
  const kind = sort(item);
  for (const key of [`reason.${word}.${kind}`, `reason.${word}`]) if (has(key)) return t(key, { rest: rest ?? "" });
  return item.reason;
}

// value says what was read or decided.
export function value(v, kind) {
  if (v === "") return t("value.unread");
  const [word, ...rest] = v.split(" ");
  if (kind === "box" && state.conventions.marks === "any" && has(`value.${v}.any`)) return t(`value.${v}.any`);
  if (word === "assign") return t("value.assign", { booklet: bookletName(rest[0]), page: rest[1] });
  if (word === "drop") return t("value.drop", { why: t(`drop.${rest[0]}`) });
  return has(`value.${word}`) ? t(`value.${word}`) : number(v);
}

const booklets = new Map(); // what booklets are called, by anchor

export function rememberBooklets(all) {
  for (const b of all) booklets.set(b.anchor, b.id);
}

// bookletName calls a booklet what the results call it, or else by what tells its anchor apart.
function bookletName(anchor = "") {
  if (anchor === "new") return t("page.new");
  return booklets.get(anchor) ?? (anchor.startsWith("copy:") ? anchor.slice(5) : anchor.slice(0, 8));
}

// confidence says a probability in words and as a number.
export function confidence(p) {
  const word = p >= 0.99 ? "sure" : p >= 0.9 ? "rather" : p >= 0.7 ? "unsure" : p >= 0.5 ? "guess" : "doubt";
  return t(`confidence.${word}`, { percent: percent(Math.floor(p * 1000) / 1000, p > 0.99 ? 1 : 0) });
}
