// What the page knows: the exam, who reviews, the item shown and those that come next.

export const state = {
  exam: { id: "", title: "" },
  conventions: { marks: "cross", inks: [] },
  roster: false,
  counts: { open: 0, decided: 0, total: 0, kinds: {} }, // as the server last said, less what is on its way
  spot: null,
  reviewer: "",
  kind: "", // only items of this kind; "": all
  names: false, // names of students are shown
  current: null, // the item shown
  shownAt: 0, // since when, ms of performance.now()
  overtaken: false, // the item shown needs no answer any more
  queue: [], // what comes next
  skipped: [], // comes when nothing else is left
  waiting: false, // more items are being asked for
};

// paces holds how long each of the last decisions took, ms: pauses are left out.
const paces = [];
const pause = 60_000;

export function keepPace(ms) {
  if (ms < pause) paces.push(ms);
  if (paces.length > 40) paces.shift();
}

// minutesLeft estimates from the pace so far; null as long as that means little.
export function minutesLeft(open) {
  if (paces.length < 8 || open < 5) return null;
  const mean = paces.reduce((a, b) => a + b, 0) / paces.length;
  return Math.max(1, Math.round(mean * open / 60_000));
}
