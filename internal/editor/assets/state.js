// The exam being edited: what it is, what is selected, and how it came to be so.

export const state = {
  name: "exam.yaml", base: "", pages: [], remarks: [],
  doc: null, page: 1, tool: "select",
  selection: new Set(), // uids
  gathering: false, // the focus moves without selecting; Space selects one more
  current: null, // uid of the question or problem that new boxes belong to
};

const listeners = [];
let uids = 0;
let undos = [], redos = [];
let merging = "", mergedAt = 0; // one undo for a row of small moves
let at = new Map(); // uid -> place in its list of the file
let saved = "";

export const onChange = (f) => listeners.push(f);
export const emit = () => listeners.forEach((f) => f());
export const newUid = () => `u${++uids}`;
export const round = (x) => Math.round(x * 100) / 100;

const items = (doc) => [
  ...doc.problems.flatMap((p) => [p, ...p.questions.flatMap((q) => [q, ...q.boxes])]),
  ...doc.scores, ...(doc.sticker ? [doc.sticker] : []),
];

// load takes over what the server sent.
export function load(got) {
  for (const x of items(got.document)) x.uid = newUid();
  at = new Map(items(got.document).map((x) => [x.uid, x.at]));
  Object.assign(state, { name: got.name, base: got.base, pages: got.pages, doc: got.document, selection: new Set(), current: null });
  undos = []; redos = [];
  saved = JSON.stringify(state.doc);
  setRemarks(got.remarks, state.doc);
}

// wire is the document as the server takes it.
export const wire = (doc) => JSON.parse(JSON.stringify(doc, function (key, value) {
  if (key === "uid") return undefined;
  if (key === "at") return at.get(this.uid) ?? 0;
  return value;
}));

// wasSaved records that the file now is as doc was sent.
export function wasSaved(doc, base) {
  state.base = base;
  saved = JSON.stringify(doc);
  at = new Map();
  const number = (list) => list.forEach((x, i) => at.set(x.uid, i + 1));
  number(doc.problems); number(doc.scores);
  for (const p of doc.problems) { number(p.questions); p.questions.forEach((q) => number(q.boxes)); }
}

export const isDirty = () => state.doc !== null && JSON.stringify(state.doc) !== saved;

// change makes one step that can be undone; steps of one name in a row are one.
export function change(f, name = "") {
  const before = structuredClone({ doc: state.doc, selection: state.selection });
  const result = f(state.doc);
  if (JSON.stringify(before.doc) === JSON.stringify(state.doc)) return result;
  const now = performance.now();
  if (!name || name !== merging || now - mergedAt > 800) undos.push(before);
  merging = name; mergedAt = now;
  redos = [];
  emit();
  return result;
}

function step(from, to) {
  if (!from.length) return false;
  to.push(structuredClone({ doc: state.doc, selection: state.selection }));
  const old = from.pop();
  state.doc = old.doc;
  state.selection = new Set([...old.selection].filter(find));
  merging = "";
  emit();
  return true;
}
export const undo = () => step(undos, redos);
export const redo = () => step(redos, undos);
export const canUndo = () => undos.length > 0;
export const canRedo = () => redos.length > 0;

// refs lists every box in the order of the file, with what it belongs to.
export function refs(doc = state.doc) {
  const all = [];
  if (doc.sticker) all.push({ uid: doc.sticker.uid, kind: "sticker", page: doc.sticker.page, item: doc.sticker, name: "sticker" });
  for (const problem of doc.problems) {
    for (const question of problem.questions) {
      for (const item of question.boxes) {
        const name = question.kind === "choice" ? item.id : String(item.credits).replace(/^0?\.5$|\.5$/, "\u00bd");
        all.push({ uid: item.uid, kind: question.kind, page: question.page, item, question, problem, name });
      }
    }
  }
  for (const item of doc.scores) all.push({ uid: item.uid, kind: "score", page: item.page, item, name: item.id });
  return all;
}

// find returns what a uid names: {type, item, problem, question, list}.
export function find(uid) {
  const doc = state.doc;
  if (doc.sticker?.uid === uid) return { type: "sticker", item: doc.sticker };
  for (const item of doc.scores) if (item.uid === uid) return { type: "score", item, list: doc.scores };
  for (const problem of doc.problems) {
    if (problem.uid === uid) return { type: "problem", item: problem, problem, list: doc.problems };
    for (const question of problem.questions) {
      if (question.uid === uid) return { type: "question", item: question, question, problem, list: problem.questions };
      for (const item of question.boxes) {
        if (item.uid === uid) return { type: question.kind, item, question, problem, list: question.boxes };
      }
    }
  }
  return null;
}

export const isBox = (type) => ["choice", "credit", "score", "sticker"].includes(type);
export const selected = () => [...state.selection].map(find).filter(Boolean);
export const selectedBoxes = () => refs().filter((r) => state.selection.has(r.uid));

// select replaces the selection and turns to its page.
export function select(uids, { turn = true } = {}) {
  state.selection = new Set(uids);
  const first = find([...state.selection].at(-1));
  if (first?.question ?? first?.problem) state.current = (first.question ?? first.problem).uid;
  if (first && turn) {
    const page = first.question?.page ?? first.item.page ?? first.problem?.questions[0]?.page;
    if (page >= 1 && page <= state.pages.length) state.page = page;
  }
  emit();
}

// setRemarks takes what the server said of a document, by path, to uids.
export function setRemarks(list, doc) {
  state.remarks = list.map((r) => ({ ...r, uid: uidOf(r.path, doc) }));
}

function uidOf(path, doc) {
  let x = doc;
  for (const part of path.match(/[a-z]+|\d+/g) ?? []) {
    x = x?.[part === "options" ? "boxes" : part];
  }
  return x === doc ? null : x?.uid ?? null;
}

export const remarksOf = (uid) => state.remarks.filter((r) => r.uid === uid);

// describe names a thing for a screen reader and for messages.
export function describe({ type, item, question, problem }) {
  switch (type) {
    case "problem": return `Problem ${item.id}`;
    case "question": return `Question ${item.id}`;
    case "choice": return `Question ${question.id}, option ${item.id}`;
    case "credit": return `Question ${question.id}, ${item.credits} credits${item.corrector === 2 ? ", corrector 2" : ""}`;
    case "score": return `Score ${item.id} of problem ${item.problem}`;
    default: return problem ? `Problem ${problem.id}` : "Sticker field";
  }
}
