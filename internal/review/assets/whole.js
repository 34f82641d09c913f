// The whole page over everything else, and as large as one likes.

import { $, fill } from "./dom.js";
import { place, title } from "./naming.js";
import { frame } from "./pictures.js";
import { t } from "./words.js";

const sizes = [1, 1.5, 2.2, 3.2];
let size = 0, focus = null;

export const isOpen = () => $("whole").open;

export function openWhole(item) {
  const p = item?.pictures?.whole;
  if (!p) return false;
  size = 0;
  focus = p.focus?.[0] ?? null;
  $("whole-title").textContent = [title(item), place(item)].join(" · ");
  fill($("page"), frame(p, t("picture.whole", { what: title(item) })));
  zoom(0);
  $("whole").showModal();
  $("page").focus();
  return true;
}

export const closeWhole = () => $("whole").close();

// zoom goes one size up or down, and back to the whole page with 0; what is in question stays in
// the middle.
export function zoom(by) {
  size = by === 0 ? 0 : Math.max(0, Math.min(sizes.length - 1, size + by));
  const stage = $("page");
  stage.style.setProperty("--zoom", sizes[size]);
  if (size === 0 || !focus) return stage.scrollTo(0, 0);
  const [x, y, w, h] = focus;
  stage.scrollTo((x + w / 2) * stage.scrollWidth - stage.clientWidth / 2, (y + h / 2) * stage.scrollHeight - stage.clientHeight / 2);
}

// wholeKey handles a key while the page is shown; it returns whether it was for the page.
export function wholeKey(event) {
  switch (event.key) {
    case "+": case "=": zoom(1); return true;
    case "-": zoom(-1); return true;
    case "w": case "W": closeWhole(); return true;
    case "Escape": closeWhole(); return true;
  }
  return false;
}
