// Pictures of the paper: fetched before they are needed, and shown with corners around the boxes
// in question. The corners stand beside the ink, never on it.

import { h, s } from "./dom.js";
import { t } from "./words.js";

const most = 120; // pictures kept; a close one is some 20 kB
const kept = new Map(); // by address, the least recently used first

// picture returns the image of an address, which may still be on its way.
function picture(url) {
  let img = kept.get(url);
  kept.delete(url);
  if (!img) {
    img = new Image();
    img.src = url;
    img.decode().catch(() => {}); // shown as not to be had once it is looked at
  }
  kept.set(url, img);
  for (const old of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(old);
  }
  return img;
}

// prefetch gets what the next items will show.
export function prefetch(items) {
  for (const item of items) {
    const { close, around, whole } = item.pictures ?? {};
    for (const p of close ? [close, around] : [whole]) if (p) picture(p.url);
  }
}

// prefetchWhole gets the page of an item that is looked at for longer.
export function prefetchWhole(item) {
  if (item.pictures?.whole) picture(item.pictures.whole.url);
}

// turned is the address of a picture that is turned clockwise by a multiple of 90 degrees, with
// its size.
export function turned(p, turn) {
  const { width, height, url } = p;
  if (turn === 0) return p;
  const side = turn % 180 === 0 ? { width, height } : { width: height, height: width };
  return { ...side, url: `${url}${url.includes("?") ? "&" : "?"}turn=${turn}`, focus: [] };
}

// A window is the part of a picture that is shown: x, y, width, height, as fractions of it.
const all = [0, 0, 1, 1];

const wide = 2.2, share = 0.62; // of a picture that is wider than this only so much is shown

// about is the part of a wide picture about its boxes that is large enough to be read.
export function about(p) {
  const focus = p.focus?.[0];
  if (!focus || p.width / p.height < wide) return all;
  return [within(focus[0] + focus[2] / 2 - share / 2, share), 0, share, 1];
}

const beside = 1.1; // times the smaller side of a box lies beside it in a tile: a sign has room there

// near is the part of a picture next to its boxes, for small tiles.
export function near(p) {
  const boxes = inPixels(p);
  if (boxes.length === 0) return all;
  const b = hull(boxes), pad = beside * Math.min(boxes[0].x1 - boxes[0].x0, boxes[0].y1 - boxes[0].y0);
  const w = Math.min(1, (b.x1 - b.x0 + 2 * pad) / p.width), ht = Math.min(1, (b.y1 - b.y0 + 2 * pad) / p.height);
  return [within((b.x0 - pad) / p.width, w), within((b.y0 - pad) / p.height, ht), w, ht];
}

// within moves an extent into the picture.
const within = (from, extent) => Math.max(0, Math.min(1 - extent, from));

// ratio is the width of what is shown by its height.
export const ratio = (p, [, , w, ht] = all) => (p.width * w) / (p.height * ht);

// frame shows a picture, or a part of it, as large as its place allows. alt says what it shows.
export function frame(p, alt, [x, y, w, ht] = all) {
  const held = picture(p.url);
  const img = held.isConnected ? held.cloneNode() : held;
  img.alt = alt;
  const sheet = h("div", { class: "sheet" }, img, corners(p));
  Object.assign(sheet.style, { left: `${(-100 * x) / w}%`, top: `${(-100 * y) / ht}%`, width: `${100 / w}%`, height: `${100 / ht}%` });
  const div = h("div", { class: "frame" }, sheet);
  div.style.setProperty("--ratio", ratio(p, [x, y, w, ht]));
  div.style.setProperty("--width", `${p.width * w}px`);
  if (!img.complete) wait(div, img);
  else if (img.naturalWidth === 0) void missing(div, p.url);
  return div;
}

function wait(div, img) {
  div.classList.add("loading");
  img.addEventListener("load", () => div.classList.remove("loading"), { once: true });
  img.addEventListener("error", () => { div.classList.remove("loading"); void missing(div, img.src); }, { once: true });
}

// missing says why there is no picture, as the server does.
async function missing(div, url) {
  kept.delete(url);
  let why = t("picture.none");
  try {
    const got = await (await fetch(url)).json();
    if (got.error) why = got.error;
  } catch { /* the words above will do */ }
  div.replaceChildren(h("p", { class: "nopicture" }, why));
}

// corners draws an open frame around each box, a little outside of it. Where the boxes are one
// column, it is one frame.
function corners(p) {
  const w = p.width, ht = p.height;
  const svg = s("svg", { viewBox: `0 0 ${w} ${ht}`, "aria-hidden": "true", focusable: "false" });
  const boxes = inPixels(p);
  if (boxes.length === 0) return svg;
  for (const b of boxes.length > 1 ? [hull(boxes)] : boxes) {
    const d = bracket(b, w, ht);
    svg.append(s("path", { d, class: "halo" }), s("path", { d, class: "corner" }));
  }
  return svg;
}

const inPixels = (p) => (p.focus ?? []).map(([x, y, w, ht]) => ({ x0: x * p.width, y0: y * p.height, x1: (x + w) * p.width, y1: (y + ht) * p.height }));

const hull = (boxes) => boxes.reduce((a, b) => ({ x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) }));

function bracket(b, w, ht) {
  const side = Math.min(b.x1 - b.x0, b.y1 - b.y0);
  const gap = Math.min(side * 0.22, Math.hypot(w, ht) * 0.035), arm = side * 0.3;
  const [x0, y0] = [Math.max(1, b.x0 - gap), Math.max(1, b.y0 - gap)];
  const [x1, y1] = [Math.min(w - 1, b.x1 + gap), Math.min(ht - 1, b.y1 + gap)];
  return `M${x0} ${y0 + arm}V${y0}H${x0 + arm}M${x1 - arm} ${y0}H${x1}V${y0 + arm}` +
    `M${x1} ${y1 - arm}V${y1}H${x1 - arm}M${x0 + arm} ${y1}H${x0}V${y1 - arm}`;
}
