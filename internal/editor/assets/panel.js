// The list of problems, questions and boxes, and the fields of what is selected.

import { fieldsOf } from "./fields.js";
import { state, change, describe, emit, find, refs, remarksOf, select } from "./state.js";

const $ = (id) => document.getElementById(id);
const rows = new Map(); // uid -> <li>
const open = new Set(); // uids of what is unfolded
let seen = new WeakSet();
let active = null; // uid of the row that Tab reaches
let say = () => {};

export function drawPanel() {
  drawTree();
  drawFields();
  drawRemarks();
}

// lines lists the rows of the tree that are unfolded.
function lines() {
  const all = [];
  for (const p of state.doc.problems) {
    if (!seen.has(p)) { seen.add(p); open.add(p.uid); }
    all.push({ uid: p.uid, level: 1, text: `Problem ${p.id}${p.title ? `: ${p.title}` : ""}`, folds: p.questions.length > 0 });
    if (!open.has(p.uid)) continue;
    for (const q of p.questions) {
      all.push({ uid: q.uid, level: 2, text: `${q.id}, ${q.credits} credits, page ${q.page}`, folds: q.boxes.length > 0 });
      if (!open.has(q.uid)) continue;
      for (const b of q.boxes) {
        const key = b.correct === null ? "?" : b.correct ? "\u2713 right" : "wrong";
        all.push({ uid: b.uid, level: 3, text: q.kind === "choice" ? `${b.id}  ${key}` : `${b.credits} credits${b.corrector === 2 ? ", corrector 2" : ""}` });
      }
    }
  }
  for (const s of state.doc.scores) all.push({ uid: s.uid, level: 1, text: `Score ${s.id} of problem ${s.problem}, page ${s.page}` });
  if (state.doc.sticker) all.push({ uid: state.doc.sticker.uid, level: 1, text: `Sticker field, page ${state.doc.sticker.page}` });
  return all;
}

function unfoldSelected() {
  for (const uid of state.selection) {
    const at = find(uid);
    if (at?.question && at.question.uid !== uid) open.add(at.question.uid);
    if (at?.problem && at.problem.uid !== uid) open.add(at.problem.uid);
  }
}

function drawTree() {
  unfoldSelected();
  const all = lines();
  const keep = new Set(all.map((l) => l.uid));
  for (const [uid, li] of rows) if (!keep.has(uid)) { li.remove(); rows.delete(uid); }
  const chosen = [...state.selection].at(-1);
  if (keep.has(chosen)) active = chosen;
  if (!keep.has(active)) active = all[0]?.uid ?? null;
  let before = null;
  for (const l of all) {
    let li = rows.get(l.uid);
    if (!li) {
      li = document.createElement("li");
      li.setAttribute("role", "treeitem");
      li.dataset.uid = l.uid;
      rows.set(l.uid, li);
    }
    const place = before ? before.nextSibling : $("tree").firstChild;
    if (place !== li) $("tree").insertBefore(li, place);
    before = li;
    li.setAttribute("aria-level", l.level);
    li.setAttribute("aria-selected", String(state.selection.has(l.uid)));
    if (l.folds) li.setAttribute("aria-expanded", String(open.has(l.uid)));
    else li.removeAttribute("aria-expanded");
    li.tabIndex = l.uid === active ? 0 : -1;
    const fold = l.folds ? (open.has(l.uid) ? "\u25be " : "\u25b8 ") : "";
    const bad = remarksOf(l.uid).filter((r) => r.kind !== "open");
    li.textContent = fold + l.text;
    if (bad.length) {
      const sign = document.createElement("span");
      sign.className = "bad";
      sign.textContent = ` \u26a0 line ${bad[0].line}`;
      li.append(sign);
    }
  }
  if (chosen && rows.has(chosen) && document.activeElement?.closest("#tree") === null) {
    const [tree, li] = [$("tree"), rows.get(chosen)];
    const top = li.offsetTop - tree.offsetTop;
    if (top < tree.scrollTop || top + li.offsetHeight > tree.scrollTop + tree.clientHeight) tree.scrollTop = top - tree.clientHeight / 2;
  }
  if (!all.length) $("tree").removeAttribute("role"); else $("tree").setAttribute("role", "tree");
}

// treeKey moves in the list; it reports whether the key was for it.
export function treeKey(event) {
  const all = lines();
  const i = all.findIndex((l) => l.uid === active);
  const go = (k) => { if (all[k]) { select([all[k].uid]); rows.get(all[k].uid)?.focus(); } };
  switch (event.key) {
    case "ArrowDown": go(i + 1); return true;
    case "ArrowUp": go(i - 1); return true;
    case "Home": go(0); return true;
    case "End": go(all.length - 1); return true;
    case "ArrowRight":
      if (all[i]?.folds && !open.has(active)) { open.add(active); emit(); } else if (all[i]?.folds) go(i + 1);
      return true;
    case "ArrowLeft":
      if (all[i]?.folds && open.has(active)) { open.delete(active); emit(); } else {
        const parent = all.slice(0, Math.max(i, 0)).findLast((l) => l.level < all[i].level);
        if (parent) go(all.indexOf(parent));
      }
      return true;
  }
  return false;
}

export const focusTree = () => (rows.get(active) ?? $("add-problem")).focus();
export const focusFields = () => $("fields").querySelector("input, select")?.focus();

// drawFields keeps inputs that stay, so that the focus and what is being typed stay too.
function drawFields() {
  const { title, fields, notes } = fieldsOf(say);
  $("fields-name").textContent = title;
  const form = $("fields");
  const old = new Map([...form.querySelectorAll("[data-key]")].map((e) => [e.dataset.key, e]));
  const same = old.size === fields.length && fields.every((f) => old.get(f.key)?.tagName === (f.options ? "SELECT" : "INPUT"));
  const focused = document.activeElement?.dataset?.key;
  if (!same) {
    form.replaceChildren();
    old.clear();
    let group = null;
    for (const f of fields) {
      if (f.group && !group) {
        group = document.createElement("fieldset");
        const legend = document.createElement("legend");
        legend.textContent = f.group;
        group.append(legend);
        form.append(group);
      } else if (!f.group) group = null;
      const input = document.createElement(f.options ? "select" : "input");
      input.dataset.key = f.key;
      input.id = `field-${f.key}`;
      const label = document.createElement("label");
      label.htmlFor = input.id;
      label.textContent = f.label;
      if (group) { label.append(input); group.append(label); } else form.append(label, input);
      old.set(f.key, input);
    }
  }
  for (const f of fields) fill(old.get(f.key), f);
  form.querySelectorAll("p").forEach((p) => p.remove());
  for (const n of notes) {
    const p = document.createElement("p");
    p.textContent = n.text;
    p.className = n.bad ? "bad" : "";
    form.append(p);
  }
  if (!same && focused) form.querySelector(`[data-key="${focused}"]`)?.focus();
}

function fill(input, f) {
  if (f.options && input.dataset.options !== JSON.stringify(f.options)) {
    input.dataset.options = JSON.stringify(f.options);
    input.replaceChildren(...f.options.map(([value, text]) => new Option(text, value)));
  }
  if (!f.options) {
    input.inputMode = f.number ? "decimal" : "text";
    input.placeholder = f.empty ?? "";
  }
  if (input.value !== f.value) input.value = f.value;
  input.removeAttribute("aria-invalid");
  input.onchange = () => {
    const wrong = f.set(input.value.trim());
    if (wrong) {
      input.setAttribute("aria-invalid", "true");
      say(`${f.label}: ${wrong}`, true);
    } else {
      input.removeAttribute("aria-invalid");
      emit();
    }
  };
}

function drawRemarks() {
  const n = state.remarks.length;
  const bad = state.remarks.filter((r) => r.kind !== "open").length;
  $("remarks-name").textContent = !n ? "Nothing disagrees" : bad ? `${bad} that disagree${bad === 1 ? "s" : ""}` : `${n} still open`;
  $("remarks").replaceChildren(...state.remarks.map((r) => {
    const [li, button] = [document.createElement("li"), document.createElement("button")];
    li.className = r.kind;
    button.type = "button";
    button.textContent = `${r.file === state.name ? "line " : `${r.file}:`}${r.line}: ${r.where ? `${r.where}: ` : ""}${r.text}`;
    button.addEventListener("click", () => { if (r.uid) select([r.uid]); });
    li.append(button);
    return li;
  }));
}

export function listenPanel(tell) {
  say = tell;
  $("tree").addEventListener("click", (event) => {
    const uid = event.target.closest("[data-uid]")?.dataset.uid;
    if (!uid) return;
    if (state.selection.has(uid) && state.selection.size === 1) {
      if (open.has(uid)) open.delete(uid); else open.add(uid);
      emit();
    } else {
      select(event.ctrlKey || event.metaKey || event.shiftKey ? [...state.selection, uid] : [uid]);
    }
    rows.get(uid)?.focus();
  });
  $("fields").addEventListener("submit", (event) => event.preventDefault());
}
