// The keyboard. Letters do something only where nothing is being typed.

import { focusBox, show, zoom } from "./canvas.js";
import { move, nearest, resize } from "./edits.js";
import { focusFields, focusTree, treeKey } from "./panel.js";
import { state, emit, isBox, redo, refs, select, selected, undo } from "./state.js";

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function listenKeys(actions, say) {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (everywhere(event, actions) || !isTyping(event.target) && page(event, actions, say)) event.preventDefault();
  });
}

const isTyping = (e) => e.matches("input:not([type=radio]), select, textarea");
const onPage = () => document.activeElement.closest("#stage") !== null || document.activeElement === document.body;

// everywhere handles the keys that work while typing too.
function everywhere(event, actions) {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (command && key === "s") { document.activeElement.blur?.(); actions.save(); return true; }
  if (event.key === "F6") {
    if (onPage()) focusTree();
    else focusStage();
    return true;
  }
  if (event.key === "PageUp") { actions.turn(-1); return true; }
  if (event.key === "PageDown") { actions.turn(1); return true; }
  if (isTyping(event.target)) return false;
  if (command && (key === "y" || key === "z" && event.shiftKey)) { redo(); return true; }
  if (command && key === "z") { undo(); return true; }
  return false;
}

export function focusStage() {
  const uid = [...state.selection].find((u) => refs().some((r) => r.uid === u && r.page === state.page));
  if (uid) focusBox(uid);
  else document.getElementById("stage").focus();
}

function page(event, actions, say) {
  const inTree = event.target.closest("#tree") !== null;
  if (event.target.matches("input[type=radio]") && event.key in arrows) return false;
  if (inTree && !event.ctrlKey && !event.altKey && treeKey(event)) return true;
  if (event.key in arrows) return onPage() && arrow(event);
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() !== "a" || !onPage()) return false;
    select(refs().filter((r) => r.page === state.page).map((r) => r.uid), { turn: false });
    return true;
  }
  if (event.altKey) return false;
  return letter(event, actions, say, inTree);
}

function arrow(event) {
  const [dx, dy] = arrows[event.key];
  const focused = document.activeElement.dataset.uid;
  if (event.ctrlKey) {
    const next = nearest(focused, dx, dy);
    if (next) {
      if (!state.gathering) select([next], { turn: false });
      focusBox(next);
    }
    return true;
  }
  if (!selected().some((s) => isBox(s.type))) return false; // the page scrolls
  const by = event.shiftKey ? 1 : 0.1;
  if (event.altKey) resize(dx * by, dy * by, "resize");
  else move(dx * by, dy * by, "move");
  if (focused) show(focused);
  return true;
}

function letter(event, actions, say, inTree) {
  const focused = document.activeElement.dataset.uid;
  const button = event.target.closest("button, a, input") !== null;
  switch (event.key) {
    case "Enter":
      if (button) return false;
      if (inTree && selected().some((s) => isBox(s.type))) focusStage();
      else focusFields();
      return true;
    case " ":
      if (button || !focused || inTree) return false;
      gather(focused, say);
      return true;
    case "Escape":
      state.gathering = false;
      if (state.tool !== "select") actions.tool("select");
      else select([], { turn: false });
      return true;
    case "Delete": case "Backspace": actions.remove(); return true;
    case "c": actions.key(false); return true;
    case "C": actions.key(true); return true;
    case "n": actions.addBox(); return true;
    case "q": actions.addQuestion(); return true;
    case "p": actions.addProblem(); return true;
    case "d": actions.repeat(); return true;
    case "f": actions.snap(); return true;
    case "v": actions.tool("select"); return true;
    case "1": case "2": case "3": case "4": actions.tool(["choice", "credit", "score", "sticker"][event.key - 1]); return true;
    case "+": case "=": zoom(1.25); return true;
    case "-": zoom(0.8); return true;
    case "0": zoom(0); return true;
    case "?": actions.help(); return true;
  }
  return false;
}

// gather selects one more box, or one less, and lets the focus go on alone.
function gather(uid, say) {
  if (!state.gathering) {
    state.gathering = true;
    say("Go on with Tab; Space selects one more or one less, Escape ends it.");
    emit();
    return;
  }
  select(state.selection.has(uid) ? [...state.selection].filter((u) => u !== uid) : [...state.selection, uid], { turn: false });
}
