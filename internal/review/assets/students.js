// The search in the roster: by sticker number, registration number or name. Names are shown only
// where they were asked for.

import { ask, query } from "./api.js";
import { $, h } from "./dom.js";
import { state } from "./state.js";
import { t } from "./words.js";

const rest = 60; // ms without a key before the roster is asked
let found = [], listedFor = "", active = -1, timer = 0, asked = 0;

export function clearStudents() {
  asked++;
  clearTimeout(timer);
  $("student").value = "";
  list([], "");
}

function list(students, text) {
  [found, listedFor] = [students, text];
  active = students.length > 0 ? 0 : -1;
  $("students").replaceChildren(...students.map((one, i) => {
    const li = h("li", { id: `student-${i}`, role: "option", "aria-selected": "false" },
      h("span", { class: "code" }, one.code), h("span", { class: "registration" }, one.registration),
      one.name ? h("span", { class: "name" }, one.name) : null,
      one.taken ? h("span", { class: "taken" }, t("student.taken", { booklet: one.taken })) : null);
    li.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays where one types
    return li;
  }));
  $("student").setAttribute("aria-expanded", String(students.length > 0));
  point();
}

function point() {
  [...$("students").children].forEach((li, i) => li.setAttribute("aria-selected", String(i === active)));
  if (active < 0) return $("student").removeAttribute("aria-activedescendant");
  $("student").setAttribute("aria-activedescendant", `student-${active}`);
  $("students").children[active].scrollIntoView({ block: "nearest" });
}

// search asks the roster for what stands in the field.
async function search(say) {
  clearTimeout(timer);
  const mine = ++asked, q = $("student").value.trim();
  if (q === "") return list([], "");
  try {
    const got = await ask("api/students" + query({ q, names: state.names ? 1 : 0, reviewer: state.reviewer }));
    if (mine !== asked) return;
    list(got.students, q);
    say(t("student.found", { n: got.students.length }));
  } catch (error) {
    if (mine === asked) say(error.message, true);
  }
}

// again searches once more, as names are now to be shown, or no longer.
export function again(say) {
  if (!$("search").hidden) void search(say);
}

// listenStudents wires the search. act.decide takes a code, act.accept the guess, act.leave puts
// the keyboard back on the card.
export function listenStudents(act) {
  $("student").addEventListener("input", () => {
    clearTimeout(timer);
    asked++;
    timer = setTimeout(() => void search(act.say), rest);
  });
  $("students").addEventListener("click", (event) => {
    const li = event.target.closest("[role=option]");
    if (li) act.decide(found[[...$("students").children].indexOf(li)].code);
  });
  $("student").addEventListener("keydown", (event) => { if (key(event, act)) event.preventDefault(); });
}

function key(event, act) {
  switch (event.key) {
    case "ArrowDown": case "ArrowUp":
      if (found.length > 0) active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      point();
      return true;
    case "Enter":
      if (!event.repeat) void choose(act);
      return true;
    case "Escape":
      if ($("student").value !== "") clearStudents();
      else act.leave();
      return true;
  }
  return false;
}

// choose takes the student pointed at. Where Enter comes before the roster has answered, only one
// who is meant without doubt.
async function choose(act) {
  const text = $("student").value.trim(), item = state.current;
  if (text === "") return act.accept();
  if (!state.roster) return act.decide(text);
  const seen = listedFor === text;
  if (!seen) await search(act.say);
  if (state.current !== item || $("student").value.trim() !== text) return;
  const exact = found.find((one) => one.code === text || one.registration === text);
  const meant = seen || found.length === 1 ? found[active] : exact;
  if (meant) return act.decide(meant.code);
  act.say(t(found.length === 0 ? "student.none" : "student.several", { text }), found.length === 0);
}
