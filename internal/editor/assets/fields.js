// What can be written about the thing that is selected.

import { keepOn } from "./edits.js";
import { state, change, describe, isBox, refs, remarksOf, selected } from "./state.js";

// toNumber reads 1.5 and 1,5; NaN for anything else.
function toNumber(text) {
  return /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : NaN;
}

const words = (item, key, label, extra = {}) => ({
  key, label, value: item[key], ...extra,
  set(text) {
    if (!text && !extra.optional) return "write a name; it must not be empty";
    change(() => { extra.before?.(text); item[key] = text; });
  },
});

const number = (item, key, label, { least = -Infinity, whole = false, most = Infinity, empty, group } = {}) => ({
  key, label, number: true, empty, group, value: item[key] === null ? "" : String(item[key]),
  set(text) {
    if (!text && empty !== undefined) return void change(() => { item[key] = null; });
    const x = toNumber(text);
    if (Number.isNaN(x)) return "write a number, for example 1.5";
    if (x < least || x > most) return `write ${most === Infinity ? `${least} or more` : `${least} to ${most}`}`;
    if (whole && !Number.isInteger(x)) return "write a whole number";
    change(() => { item[key] = x; });
  },
});

const choice = (item, key, label, options, extra = {}) => ({
  key, label, options, value: String(item[key]),
  set(text) { change(() => { item[key] = extra.to ? extra.to(text) : text; extra.after?.(); }); },
});

const keyOptions = [["null", "not known"], ["true", "right"], ["false", "wrong"]];
const toKey = (text) => ({ true: true, false: false, null: null })[text];
const toInt = (text) => Number(text);
const correctors = [["1", "1"], ["2", "2"]];

const sides = (item, page) => ["x", "y", "width", "height"].map((label, i) => ({
  key: `box${i}`, label, number: true, group: "Box in mm from the top-left corner", value: String(item.box[i]),
  set(text) {
    const x = toNumber(text);
    if (Number.isNaN(x) || x < 0) return "write a length in mm, for example 4.3";
    const box = [...item.box];
    box[i] = x;
    change(() => { item.box = keepOn(page, box); });
  },
}));

const pageOf = (item) => number(item, "page", "Page", { least: 1, most: state.pages.length, whole: true });

function problemFields({ item }) {
  return [
    words(item, "id", "Name", { before: (to) => state.doc.scores.forEach((s) => { if (s.problem === item.id) s.problem = to; }) }),
    words(item, "title", "Title", { optional: true }),
    number(item, "credits", "Credits", { least: 0, empty: "the sum of its questions" }),
  ];
}

function questionFields({ item }) {
  const all = [words(item, "id", "Name"), pageOf(item), number(item, "credits", "Credits", { least: 0 })];
  if (item.kind !== "choice") return all;
  all.push(choice(item, "rule", "Rule", [["all-or-nothing", "all or nothing"], ["per-option", "per option"]]));
  if (item.rule === "per-option") all.push(number(item, "wrong", "A wrong option", { most: 0 }), number(item, "floor", "At least"));
  return [...all, choice(item, "select", "Crosses", [["any", "any number"], ["one", "one"]])];
}

function scoreFields({ item }) {
  const problems = state.doc.problems.map((p) => [p.id, p.id]);
  if (!problems.some(([id]) => id === item.problem)) problems.unshift([item.problem, item.problem]);
  const worth = state.doc.problems.find((p) => p.id === item.problem)?.questions.length;
  return [
    words(item, "id", "Name"),
    choice(item, "problem", "Of problem", problems),
    choice(item, "corrector", "Corrector", correctors, { to: toInt }),
    number(item, "max", "Largest value", { least: 0, ...(worth ? { empty: "what the problem is worth" } : {}) }),
    number(item, "step", "Step", { least: 0.01 }),
    pageOf(item),
    ...sides(item, item.page),
  ];
}

const makers = {
  problem: problemFields,
  question: questionFields,
  score: scoreFields,
  choice: ({ item, question }) => [words(item, "id", "Name"), choice(item, "correct", "Key", keyOptions, { to: toKey }), ...sides(item, question.page)],
  credit: ({ item, question }) => [number(item, "credits", "Credits", { least: 0 }), choice(item, "corrector", "Corrector", correctors, { to: toInt }), ...sides(item, question.page)],
  sticker: ({ item }) => [pageOf(item), ...sides(item, item.page)],
};

// several sets one thing of all boxes that are selected.
function several(all) {
  const shared = (key) => all.every((s) => s.item[key] === all[0].item[key]) ? String(all[0].item[key]) : "";
  const one = (key, label, options, to) => ({
    key, label, options: [["", "as they are"], ...options], value: shared(key),
    set(text) { if (text !== "") change(() => all.forEach((s) => { s.item[key] = to(text); })); },
  });
  if (all.every((s) => s.type === "choice")) return [one("correct", "Key", keyOptions, toKey)];
  if (all.every((s) => s.type === "credit")) return [one("corrector", "Corrector", correctors, toInt)];
  return [];
}

const remarkNotes = (uid) => remarksOf(uid).map((r) => ({ text: `${r.file}:${r.line}: ${r.text}`, bad: r.kind !== "open" }));

// fieldsOf returns the fields of the selection, of the exam where nothing is selected.
export function fieldsOf() {
  const all = selected();
  if (!all.length) {
    const boxes = refs().length;
    return {
      title: "Exam",
      fields: [words(state.doc, "title", "Title", { optional: true }), number(state.doc, "credits", "Credits", { least: 0, empty: "the sum of the problems" })],
      notes: [{ text: `${state.pages.length} pages, ${state.doc.problems.length} problems, ${boxes} boxes` }, ...state.remarks.filter((r) => !r.uid).map((r) => ({ text: `${r.file}:${r.line}: ${r.text}`, bad: r.kind !== "open" }))],
    };
  }
  if (all.length > 1) return { title: `${all.length} selected`, fields: several(all), notes: [] };
  const [only] = all;
  const notes = remarkNotes(only.item.uid);
  if (isBox(only.type) && only.question) notes.push(...remarkNotes(only.question.uid));
  return { title: describe(only), fields: makers[only.type](only), notes };
}
