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

// strip shows what lies about the boxes of a wide picture, large enough to be read: share of its
// width, the boxes in the middle as far as it goes.
const wide = 2.2, share = 0.62;

export function strip(p, alt) {
  const div = frame(p, alt);
  const focus = p.focus?.[0];
  if (!focus || p.width / p.height < wide) return { div, ratio: p.width / p.height };
  const from = Math.max(0, Math.min(1 - share, focus[0] + focus[2] / 2 - share / 2));
  div.classList.add("strip");
  div.style.setProperty("--share", share);
  div.style.setProperty("--from", from);
  return { div, ratio: p.width * share / p.height };
}

// frame shows a picture as large as its place allows. alt says what it shows.
export function frame(p, alt) {
  const held = picture(p.url);
  const img = held.isConnected ? held.cloneNode() : held;
  img.alt = alt;
  img.className = "";
  const div = h("div", { class: "frame" }, img, corners(p));
  div.style.setProperty("--ratio", p.width / p.height);
  div.style.setProperty("--width", `${p.width}px`);
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
  const boxes = (p.focus ?? []).map(([x, y, bw, bh]) => ({ x0: x * w, y0: y * ht, x1: (x + bw) * w, y1: (y + bh) * ht }));
  if (boxes.length === 0) return svg;
  for (const b of boxes.length > 1 ? [hull(boxes)] : boxes) {
    const d = bracket(b, w, ht);
    svg.append(s("path", { d, class: "halo" }), s("path", { d, class: "corner" }));
  }
  return svg;
}

const hull = (all) => all.reduce((a, b) => ({ x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) }));

function bracket(b, w, ht) {
  const side = Math.min(b.x1 - b.x0, b.y1 - b.y0);
  const gap = Math.min(side * 0.22, Math.hypot(w, ht) * 0.035), arm = side * 0.3;
  const [x0, y0] = [Math.max(1, b.x0 - gap), Math.max(1, b.y0 - gap)];
  const [x1, y1] = [Math.min(w - 1, b.x1 + gap), Math.min(ht - 1, b.y1 + gap)];
  return `M${x0} ${y0 + arm}V${y0}H${x0 + arm}M${x1 - arm} ${y0}H${x1}V${y0 + arm}` +
    `M${x1} ${y1 - arm}V${y1}H${x1 - arm}M${x0 + arm} ${y1}H${x0}V${y1 - arm}`;
}
