// What can be done to an exam, without a picture of it.

import { state, change, find, isBox, newUid, refs, round, select, selected, selectedBoxes } from "./state.js";

const letters = "abcdefghijklmnopqrstuvwxyz";

// nextName continues a row of names: a, b, c or 1, 2, 3.
function nextName(names) {
  const last = names.at(-1) ?? "";
  const free = (x) => !names.includes(x);
  if (/^\d+$/.test(last)) {
    let n = Number(last) + 1;
    while (!free(String(n))) n++;
    return String(n);
  }
  return [...letters].find(free) ?? `x${names.length + 1}`; // a gap first: an option drawn again
}

function nextNumber(names, prefix) {
  let n = names.length + 1;
  while (names.includes(prefix + n)) n++;
  return prefix + n;
}

const pageSize = (page) => state.pages[page - 1] ?? { w: 210, h: 297 };

// keepOn moves a box so that it lies on its page.
export function keepOn(page, [x, y, w, h]) {
  const size = pageSize(page);
  w = Math.min(Math.max(w, 1), size.w); h = Math.min(Math.max(h, 1), size.h);
  return [Math.min(Math.max(x, 0), size.w - w), Math.min(Math.max(y, 0), size.h - h), w, h].map(round);
}

// move shifts the selected boxes together; at an edge of the page all stop.
export function move(dx, dy, name = "") {
  const chosen = selectedBoxes();
  for (const { page, item: { box: [x, y, w, h] } } of chosen) {
    const size = pageSize(page);
    dx = Math.min(Math.max(dx, Math.min(0, -x)), Math.max(0, size.w - x - w));
    dy = Math.min(Math.max(dy, Math.min(0, -y)), Math.max(0, size.h - y - h));
  }
  change(() => {
    for (const { item } of chosen) item.box = [round(item.box[0] + dx), round(item.box[1] + dy), item.box[2], item.box[3]];
  }, name && `${name} ${[...state.selection]}`);
}

export function resize(dw, dh, name = "") {
  change(() => {
    for (const { page, item } of selectedBoxes()) {
      const [x, y, w, h] = item.box;
      const size = pageSize(page);
      item.box = [x, y, round(Math.min(Math.max(w + dw, 1), size.w - x)), round(Math.min(Math.max(h + dh, 1), size.h - y))];
    }
  }, name && `${name} ${[...state.selection]}`);
}

export function remove() {
  const gone = new Set(state.selection);
  if (!gone.size) return 0;
  const order = refs().filter((r) => r.page === state.page).map((r) => r.uid);
  const first = order.findIndex((u) => gone.has(u));
  change((doc) => {
    const keep = (x) => !gone.has(x.uid);
    doc.problems = doc.problems.filter(keep);
    for (const p of doc.problems) {
      p.questions = p.questions.filter(keep);
      for (const q of p.questions) q.boxes = q.boxes.filter(keep);
    }
    doc.scores = doc.scores.filter(keep);
    if (doc.sticker && gone.has(doc.sticker.uid)) doc.sticker = null;
    state.selection = new Set();
  });
  const next = order.slice(first).concat(order.slice(0, first).reverse()).find((u) => !gone.has(u) && find(u));
  if (next) select([next], { turn: false });
  return gone.size;
}

// toggleKey turns right to wrong and back; all of several become what the first becomes.
export function toggleKey(unknown = false) {
  const options = selectedBoxes().filter((r) => r.kind === "choice");
  if (!options.length) return null;
  const to = unknown ? null : options[0].item.correct !== true;
  change(() => options.forEach((r) => { r.item.correct = to; }));
  return to;
}

// addProblem and addQuestion make empty ones; boxes drawn next belong to them.
export function addProblem() {
  const made = change((doc) => newProblem(doc));
  select([made.uid], { turn: false });
}

function newProblem(doc) {
  const id = String(Math.max(0, ...doc.problems.map((p) => Number.parseInt(p.id, 10) || 0)) + 1);
  const made = { uid: newUid(), at: 0, id, title: "", credits: null, questions: [] };
  doc.problems.push(made);
  return made;
}

export function addQuestion(kind) {
  const made = change((doc) => newQuestion(doc, kind));
  select([made.uid], { turn: false });
}

function newQuestion(doc, kind) {
  const at = find(state.current);
  const problem = at?.problem ?? doc.problems.at(-1) ?? newProblem(doc);
  const ids = doc.problems.flatMap((p) => p.questions.map((q) => q.id));
  const like = [...problem.questions].reverse().find((q) => q.kind === kind);
  const made = {
    uid: newUid(), at: 0, id: nextNumber(ids.filter((x) => x.startsWith(`${problem.id}.`)), `${problem.id}.`), kind, page: state.page,
    credits: like?.credits ?? 1, rule: "", wrong: 0, floor: 0, select: "", boxes: [],
  };
  if (kind === "choice") Object.assign(made, { rule: like?.rule ?? "all-or-nothing", wrong: like?.wrong ?? 0, floor: like?.floor ?? 0, select: like?.select ?? "any" });
  problem.questions.push(made);
  return made;
}

// add puts a box of a kind on the page that is shown; it belongs to the question at hand if
// that has this kind and page, else to a new one.
export function add(kind, box) {
  const made = change((doc) => {
    box = keepOn(state.page, box);
    if (kind === "sticker") return (doc.sticker = { uid: doc.sticker?.uid ?? newUid(), page: state.page, box });
    if (kind === "score") return newScore(doc, box);
    let q = find(state.current)?.question;
    if (!q || q.kind !== kind || (q.page !== state.page && q.boxes.length)) q = newQuestion(doc, kind);
    q.page = state.page;
    return insert(q, { ...nextCell(q), box });
  });
  select([made.uid], { turn: false });
  return made;
}

// nextCell continues a question: the next letter, or the next credits of the column.
function nextCell(q) {
  const cell = { uid: newUid(), at: 0, id: "", correct: null, credits: 0, corrector: 0, box: null };
  if (q.kind === "choice") return { ...cell, id: nextName(q.boxes.map((b) => b.id)) };
  const corrector = q.boxes.at(-1)?.corrector ?? 1;
  const column = q.boxes.filter((b) => b.corrector === corrector).map((b) => b.credits);
  const step = column.length > 1 ? column.at(-1) - column.at(-2) : 0.5;
  const credits = column.length ? round(column.at(-1) + step) : 0;
  const most = Math.max(0, ...q.boxes.map((b) => b.credits));
  if (q.boxes.length === 0 || q.credits === most) q.credits = Math.max(most, credits);
  return { ...cell, credits, corrector };
}

// insert puts a cell in the order of its letter, else at the end.
function insert(q, item) {
  const behind = item.id.length === 1 ? q.boxes.findIndex((b) => b.id.length === 1 && b.id > item.id) : -1;
  q.boxes.splice(behind < 0 ? q.boxes.length : behind, 0, item);
  return item;
}

function newScore(doc, box) {
  const problem = find(state.current)?.problem ?? doc.problems.find((p) => !doc.scores.some((s) => s.problem === p.id)) ?? doc.problems.at(-1) ?? newProblem(doc);
  const corrector = doc.scores.some((s) => s.problem === problem.id && s.corrector === 1) ? 2 : 1;
  const made = {
    uid: newUid(), at: 0, id: nextNumber(doc.scores.map((s) => s.id), "s"), problem: problem.id, corrector, page: state.page, box,
    max: problem.questions.length ? null : problem.credits ?? 10, step: 0.5,
  };
  doc.scores.push(made);
  return made;
}

// nextScore continues a row of a score table: the next problem that has none of this corrector.
function nextScore(doc, like) {
  const from = doc.problems.findIndex((p) => p.id === like.problem);
  const open = (p) => !doc.scores.some((s) => s.problem === p.id && s.corrector === like.corrector);
  const problem = doc.problems.slice(from + 1).find(open) ?? doc.problems.find(open) ?? doc.problems[from];
  const max = problem?.questions.length ? null : problem?.credits ?? like.max;
  return { ...like, uid: newUid(), at: 0, id: nextNumber(doc.scores.map((s) => s.id), "s"), problem: problem?.id ?? like.problem, max };
}

// pitch is how far apart the last two boxes of a question are, or a good guess.
export function pitch() {
  const chosen = selectedBoxes();
  const last = chosen.at(-1);
  if (!last) return [0, 0];
  if (chosen.length === 1 && last.question?.boxes.length > 1) {
    const i = last.question.boxes.indexOf(last.item);
    const [a, b] = i > 0 ? [last.question.boxes[i - 1], last.item] : [last.item, last.question.boxes[1]];
    if (a.box[0] !== b.box[0] || a.box[1] !== b.box[1]) return [round(b.box[0] - a.box[0]), round(b.box[1] - a.box[1])];
  }
  const tall = Math.max(...chosen.map((r) => r.item.box[1] + r.item.box[3])) - Math.min(...chosen.map((r) => r.item.box[1]));
  return [0, round(last.kind === "credit" ? tall - 0.7 : tall + 3.5)];
}

// repeat adds the selected boxes n more times, each time further by dx and dy.
export function repeat(n, dx, dy) {
  const chosen = selectedBoxes().filter((r) => r.kind !== "sticker");
  const made = change((doc) => {
    const all = [];
    for (let k = 1; k <= n; k++) {
      for (const r of chosen) {
        const box = keepOn(r.page, [r.item.box[0] + k * dx, r.item.box[1] + k * dy, r.item.box[2], r.item.box[3]]);
        let item;
        if (r.kind === "score") {
          item = { ...nextScore(doc, r.item), box };
          doc.scores.push(item);
        } else {
          item = insert(r.question, { ...nextCell(r.question), box });
        }
        all.push(item.uid);
      }
    }
    return all;
  });
  if (made?.length) select(made, { turn: false });
  return made?.length ?? 0;
}

// nearest finds the box of the page next to another in a direction.
export function nearest(uid, dx, dy) {
  const all = refs().filter((r) => r.page === state.page);
  const middle = ({ item: { box: [x, y, w, h] } }) => [x + w / 2, y + h / 2];
  const from = all.find((r) => r.uid === uid);
  if (!from) return all[0]?.uid;
  const [x, y] = middle(from);
  let best = null, least = Infinity;
  for (const r of all) {
    const [u, v] = middle(r);
    const along = (u - x) * dx + (v - y) * dy, across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
    if (r !== from && along > 0.5 && along + 3 * across < least) [best, least] = [r.uid, along + 3 * across];
  }
  return best;
}

// kindAtHand is the kind of box that New box makes.
export function kindAtHand() {
  if (state.tool !== "select") return state.tool;
  const type = selected().map((s) => s.type).find(isBox);
  return type ?? find(state.current)?.question?.kind ?? "choice";
}

// place is where New box puts one: below the selected or the last one of its kind here, else
// in the middle.
export function place(kind) {
  const here = refs().filter((r) => r.page === state.page && r.kind === kind);
  const last = here.findLast((r) => state.selection.has(r.uid)) ?? here.filter((r) => r.question && r.question.uid === state.current).at(-1);
  const like = last ?? here.at(-1) ?? refs().findLast((r) => r.kind === kind);
  const [w, h] = like ? [like.item.box[2], like.item.box[3]] : { score: [20, 10], sticker: [38.1, 21.2] }[kind] ?? [4.3, 4.3];
  const size = pageSize(state.page);
  if (!last) return [size.w / 2 - w / 2, size.h / 2 - h / 2, w, h];
  const gap = kind === "credit" ? -0.7 : 3.5;
  return [last.item.box[0], last.item.box[1] + h + gap, w, h];
}
