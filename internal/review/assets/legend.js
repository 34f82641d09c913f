// How marks count in this exam, drawn.

import { $, fill, h, s } from "./dom.js";
import { state } from "./state.js";
import { t } from "./words.js";

const frameBox = () => s("rect", { x: 14, y: 5, width: 18, height: 18, class: "print" });
const cross = () => s("path", { d: "M11 2 L35 26 M35 2 L11 26", class: "ink" });
const fillIn = () => s("path", { d: "M14 8L17 5M14 13L22 5M14 18L27 5M14 23L32 5M19 23L32 10M24 23L32 15M29 23L32 20M15 6L31 22M31 6L15 22", class: "ink thick" });
const beside = () => s("path", { d: "M2 14 L5 19 L11 8", class: "ink" });

const signs = { crossed: [cross], empty: [], filled: [fillIn], remarked: [fillIn, beside] };

const sign = (parts) => s("svg", { viewBox: "0 0 38 28", width: 38, height: 28, "aria-hidden": "true", focusable: "false" }, frameBox(), ...parts.map((p) => p()));

// boxes that any mark selects know no undoing.
const boxSigns = () => state.conventions.marks === "any" ? ["crossed", "empty"] : ["crossed", "empty", "filled", "remarked"];

export function drawLegend(kind) {
  const inks = (state.conventions.inks ?? []).map((i) => t(`ink.${i}`));
  const rules = [];
  if (kind === "box") rules.push(...boxSigns().map((w) => h("li", { class: "sign" }, sign(signs[w]), h("span", {}, t(`legend.${w}${state.conventions.marks === "any" ? ".any" : ""}`)))));
  if (kind === "credit") rules.push(h("li", { class: "sign" }, sign([cross]), h("span", {}, t("legend.credit"))));
  if (kind === "score") rules.push(h("li", {}, t("legend.score")));
  if (kind === "sticker") rules.push(h("li", {}, t("legend.sticker")));
  if (["box", "credit"].includes(kind) && inks.length > 0) rules.push(h("li", {}, t(kind === "box" ? "legend.inks" : "legend.creditinks", { inks: new Intl.ListFormat(document.documentElement.lang).format(inks) })));
  fill($("legend"), rules.length === 0 ? null : [h("h3", { id: "legend-title" }, t("legend.title")), h("ul", {}, rules)]);
}
