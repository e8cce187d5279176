// The request: an action on a resource, and what is known around it.
import type { Ask, Entry, Scene } from "../scene.ts";
import { fill, h, part } from "./dom.ts";
import { adding, cell, field, focusAfter, removing } from "./form.ts";

const KINDS: Record<Entry["kind"], string> = { text: "is", list: "list", unknown: "unknown" };
/** Keys that policies test often, besides those that these policies test. */
const COMMON = ["aws:CurrentTime", "aws:RequestedRegion", "aws:SecureTransport", "aws:SourceAccount", "aws:SourceIp", "aws:SourceVpce"];

/** Drawn when a scene begins, not while somebody types into it. */
export function drawAsk(scene: Scene, changed: (ask: Ask) => void): void {
  const { ask } = scene;
  const set = (part: Partial<Ask>) => {
    Object.assign(ask, part);
    changed(ask);
  };
  const form = part<HTMLFormElement>("ask");
  fill(
    form,
    suggestions("actions", mentioned(scene, /"([a-z][\w-]*:[A-Z]\w+)"/g)),
    suggestions("keys", [...mentioned(scene, /"((?:[a-z][\w.-]*):[\w./:-]+)"\s*:/g), ...COMMON]),
    field("Action", ask.action, (action) => set({ action }), { mono: true, list: "actions" }),
    field("Resource", ask.resource, (resource) => set({ resource }), { mono: true }),
    h("p", { class: "label", id: "context-label" }, "Context"),
    context(ask, set),
    h(
      "details",
      { class: "more", open: ask.account !== "" },
      h("summary", {}, "Whose resource"),
      field("Account of the resource", ask.account, (account) => set({ account }), {
        hint: "Where neither the ARN nor the folder says it. An unknown owner counts as another account.",
        mono: true,
      }),
    ),
  );
  form.onsubmit = (event) => event.preventDefault();
}

function context(ask: Ask, set: (part: Partial<Ask>) => void): HTMLElement {
  const group = h("div", { class: "pairs", role: "group", "aria-labelledby": "context-label" });
  const edit = (context: Entry[], added = false) => {
    set({ context });
    draw();
    focusAfter(group, added);
  };
  const draw = () => {
    const row = (entry: Entry, at: number) => {
      const change = (part: Partial<Entry>) => {
        Object.assign(entry, part);
        set({ context: ask.context });
      };
      const kind = h(
        "select",
        {
          "aria-label": `Key ${at + 1}, kind of value`,
          onchange: (event) => {
            change({ kind: (event.target as HTMLSelectElement).value as Entry["kind"] });
            draw();
          },
        },
        Object.entries(KINDS).map(([value, words]) => h("option", { value, selected: value === entry.kind }, words)),
      );
      const value = cell(`Key ${at + 1}, value`, entry.value, entry.kind === "list" ? "one, two" : "value", (text) => change({ value: text }));
      value.disabled = entry.kind === "unknown";
      return h(
        "div",
        { class: "pair three" },
        cell(`Key ${at + 1}, name`, entry.name, "aws:SourceIp", (name) => change({ name }), "keys"),
        kind,
        value,
        removing(`Remove key ${at + 1}`, () => edit(ask.context.filter((other) => other !== entry))),
      );
    };
    fill(group, ask.context.map(row), adding("Add a key", () => edit([...ask.context, { name: "", value: "", kind: "text" }], true)));
  };
  draw();
  return group;
}

function suggestions(id: string, words: string[]): Node {
  return h("datalist", { id }, [...new Set(words)].sort().map((value) => h("option", { value })));
}

/** What policies name: good enough to suggest, never to decide. */
function mentioned({ files }: Scene, pattern: RegExp): string[] {
  const found = Object.values(files).flatMap((text) => [...text.matchAll(pattern)].map(([, word]) => word ?? ""));
  return found.slice(0, 400);
}
