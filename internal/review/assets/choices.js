// What can be answered to an item, and by which key.

import { h, kbd } from "./dom.js";
import { sort, value as say } from "./naming.js";
import { language, t } from "./words.js";

// An answer is {value, keys, guess, role}. A key is what event.key says, in small letters, or the
// code of a place on the keyboard ("KeyQ") where the place matters and not the letter.

const halves = "QWERTYUIOP";
const letters = { crossed: ["1", "x"], empty: ["2", "e"], filled: ["3", "f"], remarked: ["4", "r"] };

export function answers(item) {
  const kind = sort(item);
  const choices = (item.choices ?? []).map((c, i) => ({ value: c.value, guess: c.guess, keys: keysOf(kind, c, i) }));
  if (kind === "page") return choices.filter((c) => !/^(drop|assign) /.test(c.value));
  if (kind !== "score") return choices;
  const candidates = (item.candidates ?? []).slice(0, 3).map((c, i) => ({ value: plain(c.value), keys: ["abc"[i]], guess: plain(c.value) === item.guess, p: c.p }));
  return [...candidates, ...choices.filter((c) => !candidates.some((k) => k.value === c.value))];
}

const plain = (v) => String(v);

function keysOf(kind, choice, nth) {
  if (kind === "box" && letters[choice.value]) return letters[choice.value];
  if (kind === "credit" && choice.value !== "none") return creditKeys(Number(choice.value));
  if (kind === "sticker") return [["a", "b"][nth]].filter((k) => k);
  return choice.key ? [choice.key.length === 1 ? choice.key.toLowerCase() : choice.key] : [];
}

// creditKeys: whole credits on the digits, halves between them on the row below.
function creditKeys(credits) {
  if (Number.isInteger(credits) && credits >= 0 && credits < 10) return [String(credits)];
  const below = credits - 0.5;
  return Number.isInteger(below) && below >= 0 && below < 10 ? [`Key${halves[below]}`] : [];
}

// pressed are the names that a key event goes by, best first.
export const pressed = (event) => [event.key.toLowerCase(), event.code];

export const answerTo = (item, event) => answers(item).find((a) => a.keys.some((k) => pressed(event).includes(k)));

// isTaken says whether an answer to the item uses a letter that is otherwise a command.
export const isTaken = (item, letter) => item !== null && answers(item).some((a) => a.keys.some((k) => k === letter || k === `Key${letter.toUpperCase()}`));

// keyName is what stands on the key.
export function keyName(key) {
  if (!key.startsWith("Key")) return key.length === 1 ? key.toUpperCase() : t(`key.${key}`);
  const letter = key.slice(3);
  return language() === "de" && letter === "Y" ? "Z" : letter;
}

// button is an answer to be pressed.
export function button(answer, kind, act) {
  const [first] = answer.keys;
  const b = h("button", { type: "button", class: answer.guess ? "guess" : "", "data-value": answer.value, "data-key": first ?? "" },
    h("span", { class: "said" }, say(answer.value, kind)),
    h("span", { class: "keys" }, answer.keys.map((k) => kbd(keyName(k))), answer.guess ? kbd(t("key.Enter")) : null));
  b.addEventListener("click", () => act(answer.value));
  return b;
}

// rows orders the answers as their keys lie: a column's whole credits above its halves.
export function rows(item) {
  const all = answers(item);
  if (sort(item) !== "credit") return [all];
  const half = (a) => a.keys[0]?.startsWith("Key");
  return [all.filter((a) => !half(a)), all.filter(half)].filter((r) => r.length > 0);
}

// typed reads a number as it was typed: the value, or null and why it cannot be.
export function typed(item, text) {
  const n = item.number;
  const v = Number(text.trim().replace(",", "."));
  const steps = (v - n.min) / (n.step || 1);
  if (text.trim() === "" || !Number.isFinite(v)) return { value: null, why: t("number.none") };
  const allowed = sort(item) === "credit" ? item.choices.some((c) => c.value !== "none" && Number(c.value) === v) : v >= n.min && v <= n.max && Math.abs(steps - Math.round(steps)) < 1e-6;
  if (!allowed) return { value: null, why: t("number.refused", { value: say(String(v)), min: say(String(n.min)), max: say(String(n.max)), step: say(String(n.step)) }) };
  return { value: String(v), why: "" };
}

// guessOf is what the reader said; "": nothing, or nobody is to know.
export const guessOf = (item) => item.kind === "spot" || item.kind === "conflict" ? "" : item.guess ?? "";

// offered is what Enter accepts; "": there is nothing to accept. What the reader itself holds for
// wrong rather than right is shown, and not offered; nor is a code that the roster does not know.
export function offered(item) {
  const guess = guessOf(item);
  const unknown = sort(item) === "sticker" && !(item.choices ?? []).some((c) => c.value === guess);
  return unknown || (item.confidence ?? 1) < 0.5 ? "" : guess;
}
