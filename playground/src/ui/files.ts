// The folder: its files, which of them is open, what is wrong where.
import type { Answer } from "../answer.ts";
import { MANIFEST, type Scene } from "../scene.ts";
import { ask } from "./dialog.ts";
import { fill, h, icon, part } from "./dom.ts";

export interface FileActions {
  open: (file: string) => void;
  add: (file: string) => void;
  remove: (file: string) => void;
}

/** What a new file holds. */
export const EMPTY_POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "First", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }
  ]
}
`;

export function drawFiles(scene: Scene, open: string, answer: Answer, actions: FileActions): void {
  const { findings, explanation } = answer;
  const names = Object.keys(scene.files);
  const folders = new Map<string, string[]>();
  for (const name of names) {
    const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  const decider = explanation?.statements.find(({ id }) => id === explanation.statement)?.policy;
  const button = (name: string) => {
    const worst = findings.filter(({ file }) => file === name).map(({ severity }) => severity);
    const state = worst.includes("error") ? "error" : worst.length > 0 ? "warning" : "";
    const matters = explanation?.statements.some(({ policy, applies, near }) => policy === name && (applies || near));
    const look = explanation?.allowed === true ? "allow" : "deny";
    return h(
      "button",
      { type: "button", class: "file", "aria-current": name === open ? "true" : undefined, onclick: () => actions.open(name) },
      icon("file"),
      h("span", { class: "name" }, name.slice(name.lastIndexOf("/") + 1)),
      name === decider
        ? h("span", { class: `dot ${look}`, title: "decides" }, h("span", { class: "sr" }, " decides"))
        : matters === true
          ? h("span", { class: "dot some", title: "matters" }, h("span", { class: "sr" }, " matters"))
          : null,
      state === "" ? null : h("span", { class: `flag ${state}`, title: "has findings" }, "!", h("span", { class: "sr" }, " has findings")),
    );
  };
  fill(
    part("files"),
    [...folders].map(([folder, files]) => [
      h("p", { class: "folder-name" }, folder === "" ? "who is who" : folder),
      h("ul", {}, files.map((name) => h("li", {}, button(name)))),
    ]),
    h("button", { type: "button", class: "file new", onclick: () => void add(scene, actions) }, icon("plus"), "New policy"),
  );
  const uses = open !== MANIFEST ? use(answer, open) : "who is who, and what is attached to what";
  fill(
    part("sheet-head"),
    h("span", { class: "path" }, open),
    h("span", { class: "use" }, uses),
    open === MANIFEST
      ? null
      : h("button", { type: "button", class: "link small", onclick: () => actions.remove(open) }, "Remove"),
  );
}

/** What the folder uses a file as. */
function use({ deployment }: Answer, file: string): string {
  if (deployment === undefined) return "";
  const kinds = deployment.outline.policies.filter((policy) => policy.file === file).map(({ kind }) => kind);
  return kinds.length === 0 ? "not attached yet: name it in bailiwick.toml" : `used as ${[...new Set(kinds)].join(" and ")}`;
}

async function add(scene: Scene, actions: FileActions): Promise<void> {
  const name = await ask({
    title: "New policy",
    label: "File name",
    value: "policies/new.json",
    action: "Add",
    check: (text) => {
      if (!/^[\w./-]+\.json$/.test(text)) return "a name ends in .json, and has letters, digits, dots and slashes";
      return Object.hasOwn(scene.files, text) ? "there is such a file already" : "";
    },
  });
  if (name !== undefined) actions.add(name);
}
