// Fields of forms.
import type { Pair } from "../scene.ts";
import { fill, h, icon } from "./dom.ts";

let last = 0;

interface FieldOptions {
  hint?: string;
  mono?: boolean;
  /** Id of a list of suggestions. */
  list?: string;
}

/** A text with its label. */
export function field(label: string, value: string, change: (text: string) => void, { hint, mono, list }: FieldOptions = {}): Node {
  const id = `field-${++last}`;
  const typed = (event: Event) => change((event.target as HTMLInputElement).value);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("input", {
      id,
      value,
      list,
      class: mono === true ? "mono" : undefined,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
      oninput: typed,
    }),
    hint === undefined ? null : h("p", { id: `${id}-hint`, class: "hint" }, hint),
  );
}

/** Names and values; rows come and go. */
export function pairs(what: string, list: Pair[], change: (list: Pair[]) => void): HTMLElement {
  const group = h("div", { class: "pairs", role: "group", "aria-label": `${what}s` });
  const draw = () => {
    const row = (pair: Pair, at: number) =>
      h(
        "div",
        { class: "pair" },
        cell(`${what} ${at + 1}, name`, pair.name, "name", (name) => set(pair, { name })),
        cell(`${what} ${at + 1}, value`, pair.value, "value", (value) => set(pair, { value })),
        removing(`Remove ${what.toLowerCase()} ${at + 1}`, () => edit(list.filter((other) => other !== pair))),
      );
    fill(group, list.map(row), adding(`Add a ${what.toLowerCase()}`, () => edit([...list, { name: "", value: "" }], true)));
  };
  const set = (pair: Pair, part: Partial<Pair>) => {
    Object.assign(pair, part);
    change(list);
  };
  const edit = (now: Pair[], added = false) => {
    list = now;
    draw();
    change(list);
    focusAfter(group, added);
  };
  draw();
  return group;
}

/** One cell of a row. */
export function cell(label: string, value: string, placeholder: string, change: (text: string) => void, list?: string): HTMLInputElement {
  return h("input", {
    value,
    placeholder,
    list,
    "aria-label": label,
    class: "mono",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    oninput: (event) => change((event.target as HTMLInputElement).value),
  });
}

export function removing(words: string, run: () => void): Node {
  return h("button", { type: "button", class: "mini", "aria-label": words, title: words, onclick: run }, icon("no"));
}

export function adding(words: string, run: () => void): Node {
  return h("button", { type: "button", class: "link add", onclick: run }, icon("plus"), words);
}

/** Where the keyboard goes when a row has come or gone. */
export function focusAfter(group: HTMLElement, added: boolean): void {
  const inputs = group.querySelectorAll<HTMLElement>(".pair input:first-child");
  const target = added ? inputs[inputs.length - 1] : (group.querySelector<HTMLElement>(".add") ?? undefined);
  target?.focus();
}
