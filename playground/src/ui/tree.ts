// The decision tree, and which way the request takes through it.
import type { Drawing } from "bailiwick-full";
import { fill, h, part, s } from "./dom.ts";

export function drawTree(drawing: Drawing | undefined): void {
  const pane = part("tree");
  if (drawing === undefined) {
    return fill(pane, h("p", { class: "empty" }, "Policies that are refused make no tree."));
  }
  const lit = drawing.boxes.filter(({ lit }) => lit);
  const words = drawing.scanned
    ? "A value is unknown, so no index serves this request: every rule of the asker is tried."
    : `The request comes by ${lit.length} of ${drawing.boxes.length} boxes; the others are never looked at.`;
  fill(
    pane,
    h("p", { class: "tree-words" }, words, h("span", { class: "hint" }, ` ${drawing.summary}`)),
    h("div", { class: "scroll tree-scroll", tabindex: 0, role: "region", "aria-label": "Drawing of the tree" }, picture(drawing)),
    h("details", {}, h("summary", {}, "The way in words"), h("ol", {}, lit.map(({ lines }) => h("li", {}, lines.map(({ text }) => text).join("; "))))),
    drawing.leftOut.map((what) => h("p", { class: "hint" }, `Left out: ${what}.`)),
  );
  const first = pane.querySelector<SVGElement>(".leaf.lit");
  const scroll = pane.querySelector(".tree-scroll");
  if (first !== null && scroll !== null) {
    const top = Number(first.getAttribute("data-y"));
    scroll.scrollTop = Math.max(0, top - scroll.clientHeight / 2);
  }
}

function picture({ boxes, edges, width, height, summary }: Drawing): SVGElement {
  const edge = ([from, to]: readonly [number, number]) => {
    const [start, end] = [boxes[from]!, boxes[to]!];
    const [x1, y1] = [start.place[0] + start.place[2], start.place[1] + start.place[3] / 2];
    const [x2, y2] = [end.place[0], end.place[1] + end.place[3] / 2];
    const straight = Math.max(x1, x2 - 34);
    const bend = (straight + x2) / 2;
    const d = `M${x1} ${y1}L${straight} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
    return { lit: start.lit && end.lit, path: s("path", { class: `edge${start.lit && end.lit ? " lit" : ""}`, d }) };
  };
  const lines = edges.map(edge).sort((a, b) => Number(a.lit) - Number(b.lit)).map(({ path }) => path);
  const box = ({ kind, lit, place: [x, y, w, h], lines }: Drawing["boxes"][number]) =>
    s(
      "g",
      { class: `${kind}${lit ? " lit" : ""}`, "data-y": y },
      s("title", {}, lines.map(({ text }) => text).join("\n")),
      s("rect", { x, y, width: w, height: h, rx: kind === "bucket" ? 8 : 4 }),
      lines.map(({ short, look }, at) => s("text", { class: look, x: x + 6, y: y + 15 + at * 15 }, short)),
    );
  return s(
    "svg",
    { class: "tree", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `Decision tree. ${summary}` },
    lines,
    boxes.map(box),
  );
}
