// Elements without a framework: the page is small, and each pane draws itself anew.

type Child = Node | string | number | false | null | undefined | readonly Child[];
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** An element. Names that begin with `on` are listeners; `class` and the like are attributes; absent values are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(name), attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for drawings. */
export function s(name: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return filled(document.createElementNS(SVG, name) as SVGElement, attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else if (typeof child === "string" || typeof child === "number") element.append(String(child));
  }
}

/** Puts other children in the place of those that are there. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** An element of the page's frame. */
export function part<E extends Element = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element as unknown as E;
}

/** An icon of `index.html`'s own set; words stand beside it, so it says nothing by itself. */
export function icon(name: string): SVGElement {
  return s("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, s("use", { href: `#i-${name}` }));
}

/** `1 finding`, `2 findings` */
export function count(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`;
}

/** `OwnObjects`, or `statement 2`. */
export function statementName({ sid, position }: { sid: string | null; position: number }): string {
  return sid === null || sid === "" ? `statement ${position + 1}` : sid;
}

/** `identity`, `service control, level 1` */
export function layerName({ layer, level }: { layer: string; level: number }): string {
  return layer.endsWith("control") ? `${layer}, level ${level}` : layer;
}
