// The keyboard. What answers the item shown comes first, then the commands; with Shift a letter is
// always a command. A key that is held down answers once.

import { answerTo, pressed, typed } from "./choices.js";
import { $ } from "./dom.js";
import * as grid from "./grid.js";
import { sort } from "./naming.js";
import { isPage, pageKey } from "./pageform.js";
import { state } from "./state.js";
import { isOpen as isWhole, closeWhole, wholeKey } from "./whole.js";

const commands = { u: "undo", w: "whole", g: "grid", n: "names", s: "skip", p: "spot", o: "find", l: "language", "?": "help" };

export function listenKeys(act) {
  document.addEventListener("keydown", (event) => {
    if (key(event, act)) event.preventDefault();
  });
}

function key(event, act) {
  if (event.isComposing) return false;
  if (event.ctrlKey || event.metaKey) return undoKey(event, act);
  if (event.altKey) return false;
  if (isWhole()) return overPage(event, act);
  if (document.querySelector("dialog[open]")) return false;
  if (grid.isOpen()) return grid.gridKey(event) || command(event, act);
  if (event.target.matches("#student, #kind")) return false; // these have keys of their own
  if (event.target.matches("#booklet") && !["Enter", "Escape"].includes(event.key)) return false;
  if (event.target.matches("button, a") && ["Enter", " "].includes(event.key)) return false;
  if (event.target.matches("#number, #formpage") && isEditing(event)) return false;
  if (event.repeat) return event.key.length === 1 || event.key === "Enter";
  return card(event, act);
}

// undoKey: Ctrl+Z takes back as u does, but in a field that holds text.
function undoKey(event, act) {
  if (event.key.toLowerCase() !== "z" || event.target.matches("input") && event.target.value !== "" || document.querySelector("dialog[open]")) return false;
  act.undo();
  return true;
}

// isEditing says whether a key changes a field of numbers. All others are free for the card.
const isEditing = (event) => /^[\d.,]$/.test(event.key) || ["Backspace", "Delete", "ArrowLeft", "ArrowRight", "Home", "End", "Tab"].includes(event.key);

// overPage: the page closes when its item is answered.
function overPage(event, act) {
  if (wholeKey(event)) return true;
  if (event.target.matches("button") || event.repeat || event.shiftKey || !state.current) return false;
  if (isPage(state.current) || !answerTo(state.current, event) && event.key !== "Enter") return false;
  closeWhole();
  return card(event, act);
}

function card(event, act) {
  const item = state.current;
  if (item === null && event.key === "Enter") return act.again(), true;
  if (item === null) return command(event, act);
  if (isPage(item) && !event.shiftKey && pageKey(event, act)) return true;
  if (event.key === "Escape") return act.leave(), true;
  if (event.key === "Enter") return enter(item, act);
  const answer = event.shiftKey ? undefined : answerTo(item, event);
  if (answer && !(sort(item) === "score" && /^\d$/.test(event.key))) return act.decide(answer.value), true;
  if (item.number && !$("typing").hidden && /^[\d.,]$/.test(event.key)) {
    $("number").focus();
    return [".", ","].includes(event.key) && sort(item) === "credit"; // opens the field, and is no part of the number
  }
  if (sort(item) === "sticker" && /^[\d/]$/.test(event.key)) {
    $("student").focus();
    return event.key === "/";
  }
  return command(event, act);
}

// enter gives the number that was typed, or else accepts the guess.
function enter(item, act) {
  const text = item.number ? $("number").value : "";
  if (text.trim() === "") return act.accept(), true;
  const { value, why } = typed(item, text);
  if (value !== null) return act.decide(value), true;
  $("number").setAttribute("aria-invalid", "true");
  act.say(why, true);
  return true;
}

function command(event, act) {
  const name = pressed(event).map((k) => commands[k]).find((c) => c);
  if (name) act[name]();
  return name !== undefined || event.target.matches("#number, #formpage") && event.key.length === 1;
}

