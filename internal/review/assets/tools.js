// The bar at the top and the list of keys.

import { isTaken, keyName } from "./choices.js";
import { $, fill, h, kbd } from "./dom.js";
import { state, minutesLeft } from "./state.js";
import { t } from "./words.js";

const tools = [["undo", "u"], ["whole", "w"], ["grid", "g"], ["skip", "s"], ["names", "n"], ["spot", "p"], ["language", "l"], ["help", "?"]];

// drawTools makes the buttons anew, in the language that is now spoken.
export function drawTools(act) {
  $("tools").replaceChildren(...tools.map(([name, key]) => {
    const b = h("button", { type: "button", id: `tool-${name}`, "data-command": key }, h("span", { class: "said" }, t(`tool.${name}`)), " ", kbd(""));
    b.addEventListener("click", () => act[name]());
    return b;
  }));
  $("tool-names").setAttribute("aria-pressed", String(state.names));
  labelTools();
}

// labelTools shows the key that works now: where an answer takes the letter, Shift goes with it.
export function labelTools() {
  for (const [name, key] of tools) {
    const b = $(`tool-${name}`);
    b.querySelector("kbd").textContent = isTaken(state.current, key) ? `⇧${key.toUpperCase()}` : key.toUpperCase();
    if (name === "whole" || name === "skip") b.disabled = state.current === null;
    if (name === "grid") b.disabled = !state.current?.group;
  }
  $("tool-find").replaceChildren(t("tool.find"), " ", kbd(isTaken(state.current, "o") ? "⇧O" : "O"));
}

// drawCounts tells how much is done and left.
export function drawCounts() {
  const { open, decided, kinds } = state.counts;
  $("progress").max = Math.max(1, open + decided);
  $("progress").value = decided;
  const minutes = minutesLeft(open);
  $("counts").textContent = t("counts", { n: open, decided }) + (minutes === null ? "" : ` · ${t("counts.minutes", { n: minutes })}`);
  document.title = `${open} · ${state.exam.title || state.exam.id}: ${t("page.title")}`;
  drawKinds(kinds ?? {});
}

function drawKinds(kinds) {
  const names = Object.keys(kinds).filter((k) => kinds[k] > 0 || k === state.kind);
  if (state.kind && !names.includes(state.kind)) names.push(state.kind);
  const option = (k) => h("option", { value: k, selected: k === state.kind }, t("kind.count", { kind: t(`kind.${k}`), count: kinds[k] ?? 0 }));
  const all = [h("option", { value: "", selected: state.kind === "" }, t("kind.all")), ...names.map(option)];
  const now = [...$("kind").options].map((o) => o.text + o.value).join("|");
  if (document.activeElement === $("kind") || now === all.map((o) => o.text + o.value).join("|")) return;
  $("kind").replaceChildren(...all);
}

const sections = {
  all: [["Enter", "accept"], ["U", "undo"], ["Shift", "shift"], ["W", "whole"], ["G", "grid"], ["S", "skip"], ["N", "names"], ["P", "spot"], ["O", "find"], ["L", "language"], ["Escape", "escape"]],
  box: [["1 X", "crossed"], ["2 E", "empty"], ["3 F", "filled"], ["4 R", "remarked"]],
  credit: [["0 – 9", "whole"], ["half", "half"], [".", "type"], ["-", "none"]],
  score: [["0 – 9 , .", "type"], ["A B C", "candidate"], ["-", "none"]],
  sticker: [["search", "type"], ["arrows", "arrows"], ["Escape", "leave"]],
  page: [["B F", "assign"], ["T", "turn"], ["Enter", "do"], ["D 1 – 4", "drop"], ["K", "keep"], ["C", "use"], ["Y", "waive"]],
  grid: [["arrows", "move"], ["space", "apart"], ["Enter", "all"], ["Escape", "leave"]],
};

function keysOf(name) {
  if (name === "half") return ["KeyQ", "KeyW", "KeyE"].map((k) => kbd(keyName(k))).concat(h("span", {}, "…"));
  if (name === "search") return [h("span", {}, t("help.search"))];
  if (name === "arrows") return ["↑", "↓", "←", "→"].map((k) => kbd(k));
  return name.split(" ").map((k) => (k === "–" ? h("span", {}, "–") : kbd(k.length > 1 ? t(`key.${k}`) : k)));
}

// drawHelp lists all keys.
export function drawHelp() {
  fill($("help-keys"), Object.entries(sections).map(([name, keys]) => h("section", {}, h("h3", {}, t(`help.${name}`)),
    h("table", {}, h("tbody", {}, keys.map(([k, what]) => h("tr", {}, h("th", { scope: "row" }, keysOf(k)), h("td", {}, t(`help.${name}.${what}`)))))))));
}
