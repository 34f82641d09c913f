// Small help with the document. Nothing is ever made from markup in a string.

export const $ = (id) => document.getElementById(id);

// h makes an element: properties first, then what is inside. A property with a dash, or role, is
// an attribute; null leaves one out.
export function h(tag, props = {}, ...inside) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined) continue;
    if (name.includes("-") || name === "role") e.setAttribute(name, value);
    else if (name === "class") e.className = value;
    else e[name] = value;
  }
  e.append(...inside.flat().filter((x) => x !== null && x !== undefined));
  return e;
}

const svgSpace = "http://www.w3.org/2000/svg";

// s makes an SVG element out of attributes.
export function s(tag, attributes = {}, ...inside) {
  const e = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...inside);
  return e;
}

export const kbd = (text) => h("kbd", {}, text);

// fill replaces what is in an element, and hides the element if nothing is left.
export function fill(element, ...inside) {
  const kept = inside.flat().filter((x) => x !== null && x !== undefined && x !== "");
  element.replaceChildren(...kept);
  element.hidden = kept.length === 0;
}
