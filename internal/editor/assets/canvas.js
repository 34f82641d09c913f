// The form page with its boxes: drawing them, and the mouse.

import { ask } from "./api.js";
import { add, keepOn, move } from "./edits.js";
import { state, change, describe, emit, find, refs, remarksOf, round, select } from "./state.js";

const svgNS = "http://www.w3.org/2000/svg";
const $ = (id) => document.getElementById(id);
let scale = 0; // CSS pixels a mm
let fitted = true; // to the width of the window
let nodes = new Map(); // uid -> <g>
let gesture = null;
let hovered = null;
let say = () => {};

function element(name, attributes, parent, text) {
  const e = document.createElementNS(svgNS, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  parent?.append(e);
  return e;
}

const size = () => state.pages[state.page - 1];

// zoom sets the scale, 0 fits the width. What is selected, else the middle of the view, stays
// where it is.
export function zoom(factor) {
  const stage = $("stage");
  const fit = Math.max(1.2, (stage.clientWidth - 34) / size().w);
  const chosen = refs().find((r) => state.selection.has(r.uid) && r.page === state.page);
  const left = $("sheet").offsetLeft, top = $("sheet").offsetTop;
  const at = chosen ? [chosen.item.box[0], chosen.item.box[1]]
    : [(stage.scrollLeft + stage.clientWidth / 2 - left) / scale, (stage.scrollTop + stage.clientHeight / 2 - top) / scale];
  const seen = [left + at[0] * scale - stage.scrollLeft, top + at[1] * scale - stage.scrollTop];
  fitted = factor === 0;
  scale = fitted ? fit : Math.min(Math.max(scale * factor, 1.2), 40);
  draw();
  stage.scrollTo($("sheet").offsetLeft + at[0] * scale - seen[0], $("sheet").offsetTop + at[1] * scale - seen[1]);
  if (chosen) show(chosen.uid);
}

// refit follows the size of the window.
export function refit() { if (state.doc && fitted) zoom(0); }

// resolution is that of the picture that is sharp at this size.
function resolution() {
  const need = scale * 25.4 * window.devicePixelRatio;
  return need <= 135 ? 110 : need <= 240 ? 200 : 300;
}

export function draw() {
  if (!state.doc || !size()) return;
  if (!scale) scale = Math.max(1.2, ($("stage").clientWidth - 34) / size().w);
  const { w, h } = size();
  const sheet = $("sheet");
  sheet.style.width = `${w * scale}px`;
  sheet.style.height = `${h * scale}px`;
  const url = `page/${state.page}/${resolution()}`;
  if ($("print").getAttribute("src") !== url) $("print").src = url;
  for (const id of ["boxes", "marks"]) $(id).setAttribute("viewBox", `0 0 ${w} ${h}`);
  $("boxes").setAttribute("aria-label", `Boxes on page ${state.page}`);
  $("boxes").classList.toggle("draw", state.tool !== "select");
  drawBoxes();
  drawMarks();
  callout();
}

function drawBoxes() {
  const here = refs().filter((r) => r.page === state.page);
  const keep = new Set(here.map((r) => r.uid));
  for (const [uid, g] of nodes) if (!keep.has(uid)) { g.remove(); nodes.delete(uid); }
  let before = null;
  for (const r of here) {
    let g = nodes.get(r.uid);
    if (!g) {
      g = element("g", { role: "option", tabindex: "0", "data-uid": r.uid }, null);
      element("rect", { class: "frame" }, g);
      element("text", { class: "name" }, g);
      element("text", { class: "side" }, g);
      element("rect", { class: "ring" }, g);
      nodes.set(r.uid, g);
    }
    const place = before ? before.nextSibling : $("boxes").firstChild;
    if (place !== g) $("boxes").insertBefore(g, place);
    before = g;
    dress(g, r);
  }
}

// dress shows a box as it is.
function dress(g, r) {
  const [x, y, w, h] = r.item.box;
  const key = r.kind !== "choice" ? "" : r.item.correct === null ? "unknown" : r.item.correct ? "right" : "wrong";
  const words = { unknown: ", key not known", right: ", right", wrong: ", wrong", "": "" }[key];
  g.setAttribute("class", `box ${r.kind} ${key} ${state.selection.has(r.uid) ? "selected" : ""}`);
  g.setAttribute("aria-selected", String(state.selection.has(r.uid)));
  const remarks = remarksOf(r.uid).length ? ", has a remark" : "";
  g.setAttribute("aria-label", `${describe({ ...r, type: r.kind })}${words}; at ${x}, ${y}, ${w} by ${h} mm${remarks}`);
  const [rect, name, side, ring] = g.children;
  for (const [k, v] of Object.entries({ x, y, width: w, height: h })) rect.setAttribute(k, v);
  for (const [k, v] of Object.entries({ x: x - 1, y: y - 1, width: w + 2, height: h + 2 })) ring.setAttribute(k, v);
  const font = Math.min(3, Math.max(1.4, h * 0.62));
  name.setAttribute("x", x + w / 2); name.setAttribute("y", y + h / 2 + font * 0.36); name.setAttribute("font-size", font);
  name.textContent = r.name;
  side.setAttribute("x", x + w + 0.4); side.setAttribute("y", y + 1.4); side.setAttribute("font-size", 2.8);
  side.textContent = { right: "\u2713", unknown: "?" }[key] ?? "";
}

// drawMarks shows what is no box: names of questions, handles, signs of remarks.
function drawMarks() {
  const marks = $("marks");
  marks.replaceChildren();
  const named = new Set();
  for (const r of refs().filter((r) => r.page === state.page)) {
    const [x, y, w, h] = r.item.box;
    if (r.question && !named.has(r.question.uid)) {
      named.add(r.question.uid);
      let at = { x, y: y - 1, class: r.kind }; // above a column
      if (r.kind === "choice" && x > 14) at = { x: x - 1, y: y + h / 2 + 1, class: "choice before" };
      else if (x > size().w - 25) at = { x: x + w, y: y - 1, class: `${r.kind} before` };
      element("text", { ...at, "font-size": 2.6 }, marks, `${r.question.id}, ${r.question.credits} cr.`);
    }
    const remarks = remarksOf(r.uid).concat(r.question?.boxes[0] === r.item ? remarksOf(r.question.uid) : []).filter((m) => m.kind !== "open");
    if (remarks.length) element("text", { x: x + w + 0.6, y: y + h, "font-size": 3, class: "bad" }, marks, `\u26a0 line ${remarks[0].line}`);
  }
  const only = state.selection.size === 1 ? refs().find((r) => state.selection.has(r.uid) && r.page === state.page) : null;
  if (only && state.tool === "select") {
    const [x, y, w, h] = only.item.box;
    const d = 7 / scale;
    const far = Math.min(w, h) * scale < 40 ? d * 0.8 : 0; // on a small box they stand outside
    for (const [name, fx, fy] of [["nw", 0, 0], ["n", 0.5, 0], ["ne", 1, 0], ["e", 1, 0.5], ["se", 1, 1], ["s", 0.5, 1], ["sw", 0, 1], ["w", 0, 0.5]]) {
      element("rect", { class: `handle ${name}`, "data-handle": name, width: d, height: d,
        x: x + fx * w - d / 2 + (2 * fx - 1) * far, y: y + fy * h - d / 2 + (2 * fy - 1) * far }, marks);
    }
  }
  if (gesture?.band) {
    const [x, y, w, h] = gesture.band;
    element("rect", { class: "band", x, y, width: w, height: h }, marks);
  }
}

// callout tells what is wrong with the box under the pointer, or with the selected one.
function callout() {
  const r = refs().find((r) => r.uid === (hovered ?? [...state.selection][0]) && r.page === state.page);
  const remarks = r ? remarksOf(r.uid).concat(r.question?.boxes[0] === r.item ? remarksOf(r.question.uid) : []) : [];
  const box = $("callout");
  box.hidden = !remarks.length || gesture !== null;
  if (box.hidden) return;
  box.textContent = remarks.map((m) => `${m.file}:${m.line}: ${m.text}`).join("\n");
  const [x, y, , h] = r.item.box;
  box.style.left = `${Math.min(x, size().w - 60) * scale}px`;
  box.style.top = `${(y + h) * scale + 12}px`;
}

export function focusBox(uid) {
  const g = nodes.get(uid);
  g?.focus({ preventScroll: true });
  g?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// show scrolls to a box without moving the focus.
export function show(uid) { nodes.get(uid)?.scrollIntoView({ block: "nearest", inline: "nearest" }); }

function point(event) {
  const at = $("boxes").getBoundingClientRect();
  return [(event.clientX - at.left) / scale, (event.clientY - at.top) / scale];
}

const between = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.abs(a - c), Math.abs(b - d)];

function down(event) {
  if (event.button !== 0) return;
  const at = point(event);
  const handle = event.target.dataset?.handle;
  const uid = event.target.closest("[data-uid]")?.dataset.uid;
  const more = event.shiftKey || event.ctrlKey || event.metaKey;
  gesture = { at, moved: false, x: event.clientX, y: event.clientY };
  if (handle) {
    const item = find([...state.selection][0]).item;
    Object.assign(gesture, { mode: "resize", handle, item, box: item.box });
  } else if (state.tool !== "select") {
    gesture.mode = "draw";
  } else if (uid) {
    if (more) select(state.selection.has(uid) ? [...state.selection].filter((u) => u !== uid) : [...state.selection, uid], { turn: false });
    else if (!state.selection.has(uid)) select([uid], { turn: false });
    Object.assign(gesture, { mode: "move", uid, single: !more, before: refs().filter((r) => state.selection.has(r.uid)).map((r) => [r.item, r.item.box]) });
  } else {
    Object.assign(gesture, { mode: "band", base: more ? [...state.selection] : [] });
  }
  event.currentTarget.setPointerCapture(event.pointerId);
  event.preventDefault();
  if (uid && state.tool === "select") nodes.get(uid)?.focus({ preventScroll: true });
  else if (!handle) $("stage").focus({ preventScroll: true });
}

function resized([x, y, w, h], handle, dx, dy) {
  let [x1, y1] = [x + w, y + h];
  if (handle.includes("w")) x = Math.min(x + dx, x1 - 1);
  if (handle.includes("e")) x1 = Math.max(x1 + dx, x + 1);
  if (handle.includes("n")) y = Math.min(y + dy, y1 - 1);
  if (handle.includes("s")) y1 = Math.max(y1 + dy, y + 1);
  return keepOn(state.page, [x, y, x1 - x, y1 - y]);
}

function moving(event) {
  if (!gesture) {
    const uid = event.target.closest?.("[data-uid]")?.dataset.uid ?? null;
    if (uid !== hovered) { hovered = uid; callout(); }
    return;
  }
  if (Math.hypot(event.clientX - gesture.x, event.clientY - gesture.y) > 3) gesture.moved = true;
  if (!gesture.moved) return;
  const at = point(event);
  const [dx, dy] = [at[0] - gesture.at[0], at[1] - gesture.at[1]];
  switch (gesture.mode) {
    case "move": // shown only; up makes the step
      gesture.by = [round(dx), round(dy)];
      for (const [item, [x, y, w, h]] of gesture.before) item.box = [round(x + dx), round(y + dy), w, h];
      break;
    case "resize":
      gesture.item.box = resized(gesture.box, gesture.handle, dx, dy);
      break;
    default:
      gesture.band = between(gesture.at, at);
      if (gesture.mode === "band") {
        const [x, y, w, h] = gesture.band;
        const inside = refs().filter(({ page, item: { box: b } }) => page === state.page && b[0] < x + w && b[0] + b[2] > x && b[1] < y + h && b[1] + b[3] > y);
        state.selection = new Set([...gesture.base, ...inside.map((r) => r.uid)]);
      }
  }
  draw();
}

function up(event) {
  const g = gesture;
  gesture = null;
  if (!g) return;
  if (g.mode === "move" && g.moved) {
    for (const [item, box] of g.before) item.box = box;
    move(...(g.by ?? [0, 0]));
  } else if (g.mode === "move" && g.single && state.selection.size > 1) {
    select([g.uid], { turn: false });
  } else if (g.mode === "resize") {
    const to = g.item.box;
    g.item.box = g.box;
    change(() => { g.item.box = to; });
  } else if (g.mode === "band" && !g.moved) {
    select(g.base, { turn: false });
  } else if (g.mode === "draw") {
    drawn(g.moved ? g.band : [...g.at, 0, 0], event.altKey);
  }
  emit();
}

// drawn adds a box: the printed frame that was meant, or as drawn.
async function drawn(box, asDrawn) {
  const found = asDrawn ? null : (await ask("snap", { page: state.page, box })).box;
  if (!found && (box[2] < 1 || box[3] < 1)) {
    say("There is no printed frame under the pointer; draw the box with the mouse held down.", true);
    return;
  }
  const made = add(state.tool, found ?? box);
  say(`${describe(find(made.uid))} added${found ? " at the printed frame" : ""}.`);
}

export function listen(tell) {
  say = tell;
  for (const id of ["boxes", "marks"]) {
    $(id).addEventListener("pointerdown", down);
    $(id).addEventListener("pointermove", moving);
    $(id).addEventListener("pointerup", (e) => { void up(e); });
    $(id).addEventListener("pointercancel", () => {
      for (const [item, box] of gesture?.before ?? []) item.box = box;
      if (gesture?.mode === "resize") gesture.item.box = gesture.box;
      gesture = null;
      emit();
    });
  }
  // Not on the SVG itself: Chromium lets Tab reach an SVG that listens for the focus.
  $("sheet").addEventListener("focusin", (event) => {
    const uid = event.target.dataset.uid;
    if (uid && !gesture && !state.gathering && !state.selection.has(uid)) select([uid], { turn: false });
    if (uid) show(uid);
  });
  $("stage").addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
}
