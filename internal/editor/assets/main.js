// The page editor: what the buttons do, loading, checking and saving.

import { ask } from "./api.js";
import { draw, focusBox, listen, refit, zoom } from "./canvas.js";
import * as edits from "./edits.js";
import { focusStage, listenKeys } from "./keys.js";
import { drawPanel, listenPanel } from "./panel.js";
import { state, canRedo, canUndo, change, describe, emit, find, isDirty, load, onChange, redo, refs, select, selected, selectedBoxes, setRemarks, undo, wasSaved, wire } from "./state.js";

const $ = (id) => document.getElementById(id);

function say(text, bad = false) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", bad);
}

// tell shows why something did not work.
const tell = (error) => say(error.message, true);

function render() {
  draw();
  drawPanel();
  $("of").textContent = `of ${state.pages.length}`;
  if (document.activeElement !== $("page")) $("page").value = state.page;
  $("previous").disabled = state.page <= 1;
  $("next").disabled = state.page >= state.pages.length;
  $("undo").disabled = !canUndo();
  $("redo").disabled = !canRedo();
  $("save").classList.toggle("dirty", isDirty());
  $("save").textContent = isDirty() ? "Save changes" : "Save";
  const boxes = selectedBoxes().length > 0;
  for (const id of ["repeat", "snap"]) $(id).disabled = !boxes;
  $("delete").disabled = state.selection.size === 0;
  recheck();
}

let checking = 0, checked = "";

// recheck asks a moment after the last change what no longer agrees.
function recheck() {
  const now = JSON.stringify(state.doc) + state.base;
  if (now === checked) return;
  checked = now;
  clearTimeout(checking);
  checking = setTimeout(async () => {
    const doc = structuredClone(state.doc);
    try {
      const got = await ask("check", { base: state.base, document: wire(doc) });
      if (checked === now) { setRemarks(got.remarks, doc); emit(); }
    } catch (error) {
      tell(error);
    }
  }, 350);
}

async function reload() {
  load(await ask("exam"));
  checked = JSON.stringify(state.doc) + state.base;
  state.page = Math.min(state.page, state.pages.length);
  emit();
}

let saving = null;

function save(unfinished = false) {
  saving ??= store(unfinished).finally(() => { saving = null; });
  return saving;
}

async function store(unfinished) {
  if (!isDirty() && !unfinished) return say(`${state.name} is as shown here: nothing to save.`);
  const doc = structuredClone(state.doc);
  try {
    const got = await ask("save", { base: state.base, document: wire(doc), unfinished });
    wasSaved(doc, got.base);
    setRemarks(got.remarks, doc);
    checked = JSON.stringify(doc) + got.base;
    emit();
    say(`Saved ${state.name}.`);
  } catch (error) {
    refused(error);
  }
}

// refused tells why nothing was saved, and what can be done.
function refused(error) {
  say(`Not saved: ${error.message}.`, true);
  if (error.status === 0) return;
  const wrong = error.remarks.filter((r) => r.kind === "wrong");
  $("refused-why").textContent = `${error.message[0].toUpperCase()}${error.message.slice(1)}${wrong.length ? ":" : "."}`;
  $("refused-list").replaceChildren(...wrong.slice(0, 12).map((r) => {
    const li = document.createElement("li");
    li.textContent = `${r.file}:${r.line}: ${r.where ? `${r.where}: ` : ""}${r.text}`;
    return li;
  }));
  const act = $("refused-do");
  act.hidden = !(error.status === 409 || wrong.length);
  act.textContent = error.status === 409 ? "Load it again, lose what was changed here" : "Save unfinished";
  const dialog = $("refused");
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "do") return;
    if (error.status === 409) reload().then(() => say(`Loaded ${state.name} again.`), tell);
    else void save(true);
  };
  dialog.showModal();
}

const actions = {
  save: () => void save(),
  turn(by) {
    const page = state.page + by;
    if (page < 1 || page > state.pages.length) return;
    state.page = page;
    state.selection = new Set();
    $("stage").scrollTo(0, 0);
    emit();
    if (document.activeElement.closest("#tree, #fields") === null && document.activeElement === document.body) $("stage").focus();
    say(`Page ${page}, ${refs().filter((r) => r.page === page).length} boxes.`);
  },
  tool(name) {
    state.tool = name;
    document.querySelector(`[name=tool][value=${name}]`).checked = true;
    emit();
    say(name === "select" ? "Select boxes." : "Draw boxes with the mouse, or click into a printed frame.");
  },
  remove() {
    const focus = document.activeElement.closest("#boxes") !== null;
    const n = edits.remove();
    if (n) say(`${n === 1 ? "1 deleted" : `${n} deleted`}; Ctrl+Z brings back.`);
    if (focus) focusStage();
  },
  key(unknown) {
    const to = edits.toggleKey(unknown);
    const first = selected()[0];
    if (first?.type === "choice") say(`${describe(first)} is ${to === null ? "not known" : to ? "right" : "wrong"}.`);
  },
  addBox() {
    const kind = edits.kindAtHand();
    const made = edits.add(kind, edits.place(kind));
    say(`${describe(find(made.uid))} added; move it with the arrows, or to the print with f.`);
    focusBox(made.uid);
  },
  addQuestion() {
    edits.addQuestion(["choice", "credit"].includes(edits.kindAtHand()) ? edits.kindAtHand() : "choice");
    say(`${describe(selected()[0])} added; boxes that are drawn now belong to it.`);
  },
  addProblem() {
    edits.addProblem();
    say(`${describe(selected()[0])} added.`);
  },
  repeat() {
    if (!selectedBoxes().length) return say("Select the boxes to repeat first.", true);
    const [dx, dy] = edits.pitch();
    $("repeat-x").value = dx;
    $("repeat-y").value = dy;
    const dialog = $("repeat-dialog");
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "ok") return;
      const [n, x, y] = ["repeat-count", "repeat-x", "repeat-y"].map((id) => Number($(id).value.replace(",", ".")));
      if (!Number.isInteger(n) || n < 1 || n > 100 || !Number.isFinite(x) || !Number.isFinite(y)) return say("Repeat: write how many more (1 to 100) and two lengths in mm.", true);
      const made = edits.repeat(n, x, y);
      say(`${made} more.`);
      focusStage();
    };
    dialog.showModal();
    $("repeat-count").select();
  },
  async snap() {
    const chosen = selectedBoxes();
    const found = await Promise.all(chosen.map((r) => ask("snap", { page: r.page, box: r.item.box })));
    const hits = found.filter((f) => f.box).length;
    change(() => found.forEach((f, i) => { if (f.box) chosen[i].item.box = f.box; }));
    say(hits === chosen.length ? `${hits === 1 ? "The box lies" : `${hits} boxes lie`} on the printed frame.` : `No printed frame was found for ${chosen.length - hits} of ${chosen.length}.`, hits < chosen.length);
  },
  help: () => $("keys").showModal(),
};

function wireButtons() {
  const on = (id, f) => $(id).addEventListener("click", f);
  on("previous", () => actions.turn(-1));
  on("next", () => actions.turn(1));
  on("smaller", () => zoom(0.8));
  on("larger", () => zoom(1.25));
  on("fit", () => zoom(0));
  on("undo", undo);
  on("redo", redo);
  on("save", () => void save());
  on("help", actions.help);
  on("add-problem", actions.addProblem);
  on("add-question", actions.addQuestion);
  on("add-box", actions.addBox);
  on("repeat", actions.repeat);
  on("snap", () => actions.snap().catch(tell));
  on("delete", actions.remove);
  $("page").addEventListener("change", () => {
    const n = Number($("page").value);
    if (Number.isInteger(n) && n >= 1 && n <= state.pages.length) actions.turn(n - state.page);
    else say(`Pages run from 1 to ${state.pages.length}.`, true);
    $("page").value = state.page;
  });
  document.querySelectorAll("[name=tool]").forEach((radio) => radio.addEventListener("change", () => actions.tool(radio.value)));
  document.querySelectorAll("[data-close]").forEach((b) => b.addEventListener("click", () => b.closest("dialog").close("")));
  addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
  addEventListener("resize", refit);
}

onChange(render);
listen(say);
listenPanel(say);
listenKeys({ ...actions, snap: () => actions.snap().catch(tell) }, say);
wireButtons();
reload().then(() => {
  say(`${state.pages.length} pages, ${refs().length} boxes. Press ? for the keys.`);
  document.body.dataset.ready = "yes";
}, tell);
