// The page's words in the reader's language. The files in lang/ hold every one of them.

import { ask } from "./api.js";

export const languages = ["en", "de"];
const tables = {};
let lang = "en", rules = new Intl.PluralRules("en");

export const language = () => lang;

export async function speak(wanted) {
  const l = languages.includes(wanted) ? wanted : "en";
  tables[l] ??= await ask(`assets/lang/${l}.json`);
  lang = l;
  rules = new Intl.PluralRules(l);
  document.documentElement.lang = l;
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of document.querySelectorAll("[data-t-label]")) e.setAttribute("aria-label", t(e.dataset.tLabel));
}

export const has = (key) => key in tables[lang];

// t says a key. {name} is replaced by a value; where there is a count n, key.one and key.other
// are tried first.
export function t(key, values = {}) {
  const table = tables[lang];
  const text = (values.n !== undefined ? table[`${key}.${rules.select(values.n)}`] : undefined) ?? table[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// number writes a number of a reading as the language does: 2.5 or 2,5.
export function number(value) {
  const text = String(value);
  return lang === "de" && /^-?\d+\.\d+$/.test(text) ? text.replace(".", ",") : text;
}

export const percent = (p, digits = 0) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: digits }).format(p);

export const clock = (at) => new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
