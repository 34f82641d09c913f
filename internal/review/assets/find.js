// Looking something up: a field that nobody asks about, or one that was decided long ago.

import { ask, query } from "./api.js";
import { $, h } from "./dom.js";
import { fieldName, sort, title, value } from "./naming.js";
import { t } from "./words.js";

const rest = 80; // ms without a key before the server is asked
let found = [], listedFor = "", active = -1, timer = 0, asked = 0;
let heard = { look() {}, said() {} };

// openFind asks what to look up; look shows an item, said tells how many there are.
export function openFind(look, said) {
  heard = { look, said };
  $("find-text").value = "";
  $("find-said").textContent = "";
  list([], "");
  $("find").showModal();
  $("find-text").focus();
}

const what = (one) => (["page", "booklet"].includes(sort(one)) ? title(one) : fieldName(one.field, one.question));

function list(hits, text) {
  [found, listedFor] = [hits, text];
  active = hits.length > 0 ? 0 : -1;
  $("found").replaceChildren(...hits.map((one, i) => {
    const stands = one.value === "" ? "" : value(one.value, sort(one));
    return h("li", { id: `found-${i}`, role: "option", "aria-selected": "false" },
      h("span", { class: "code" }, one.booklet), h("span", {}, what(one)), h("strong", {}, stands),
      one.open ? h("span", { class: "taken" }, t("find.open")) : null);
  }));
  $("find-text").setAttribute("aria-expanded", String(hits.length > 0));
  point();
}

function point() {
  [...$("found").children].forEach((li, i) => li.setAttribute("aria-selected", String(i === active)));
  if (active < 0) return $("find-text").removeAttribute("aria-activedescendant");
  $("find-text").setAttribute("aria-activedescendant", `found-${active}`);
  $("found").children[active].scrollIntoView({ block: "nearest" });
}

const typed = () => $("find-text").value.trim();

// search lists what fits the text, unless another text was typed before the answer came.
async function search() {
  clearTimeout(timer);
  const mine = ++asked, q = typed();
  let hits = [];
  try {
    if (q !== "") hits = (await ask("api/find" + query({ q }))).found;
  } catch (error) {
    heard.said(error.message, true);
  }
  if (mine !== asked) return;
  list(hits, q);
  $("find-said").textContent = q === "" ? "" : t("find.found", { n: hits.length });
}

function choose(at) {
  if (at < 0) return;
  $("find").close();
  heard.look(found[at].item);
}

async function key(event) {
  if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key) || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation(); // what is found answers no key that found it
  if (event.key === "Enter") {
    if (event.repeat) return;
    if (listedFor !== typed()) await search();
    if (listedFor === typed()) choose(active);
    return;
  }
  if (found.length > 0) active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
  point();
}

export function listenFind() {
  $("find-text").addEventListener("input", () => {
    clearTimeout(timer);
    asked++;
    timer = setTimeout(() => void search(), rest);
  });
  $("find-text").addEventListener("keydown", (event) => void key(event));
  $("found").addEventListener("click", (event) => {
    const li = event.target.closest("[role=option]");
    if (li) choose([...$("found").children].indexOf(li));
  });
}
