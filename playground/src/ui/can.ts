// Everything that the asker can do, with filters.
import type { Action, Can, Narrow, Rule, Shown } from "bailiwick-full";
import type { Fault } from "../answer.ts";
import { count, fill, h, layerName, part, statementName } from "./dom.ts";
import { field } from "./form.ts";
import { quoted, type Show } from "./verdict.ts";

const LEVELS = ["List", "Read", "Write", "Permissions management", "Tagging", "Other"] as const;
type Level = (typeof LEVELS)[number];
const NAMED = 8;

/** What the filters say. */
interface Filters {
  text: string;
  service: string;
  levels: Set<Level>;
  resource: string;
}

const filters: Filters = { text: "", service: "", levels: new Set(LEVELS), resource: "" };

/** What of the filters the engine answers. */
export function narrowing(): Narrow {
  const resource = filters.resource.trim();
  return resource === "" ? {} : { resource };
}

/** Takes the filters back, for another scene. */
export function resetFilters(): void {
  Object.assign(filters, { text: "", service: "", levels: new Set(LEVELS), resource: "" });
  fill(part("can"));
}

/** `again` asks the engine anew. */
export function drawCan(found: Can | Fault | undefined, again: () => void, show: Show): void {
  const pane = part("can");
  if (pane.querySelector("#can-filters") === null) {
    fill(pane, h("div", { id: "can-filters" }), h("p", { id: "can-count", role: "status" }), h("div", { id: "can-rows" }));
    drawFilters(again);
  }
  const rows = part("can-rows");
  if (found === undefined || !("rows" in found)) {
    part("can-count").textContent = "";
    const words = found === undefined ? "Nobody asks, so there is nothing that they can do." : `${found.summary}; ${found.help}`;
    return fill(rows, h("p", { class: "empty" }, quoted(words)));
  }
  drawServices(found, () => drawCan(found, again, show));
  const lines = linesOf(found).filter(fits);
  const actions = lines.reduce((sum, { actions }) => sum + actions.length, 0);
  const services = new Set(lines.map(({ row }) => row.service)).size;
  part("can-count").textContent =
    lines.length === 0 ? "Nothing of this kind is allowed." : `${count(actions, "action")} of ${count(services, "service")}`;
  const denies = [...new Set(lines.flatMap(({ row }) => row.except))];
  fill(rows, lines.length === 0 ? null : table(found, lines, show), limits(found, denies, show), inVain(found, show));
}

interface Line {
  row: Can["rows"][number];
  level: Level;
  actions: readonly Action[];
}

/** A line for each level of a row. */
function linesOf({ rows }: Can): Line[] {
  return rows.flatMap((row) =>
    LEVELS.flatMap((level) => {
      const actions = row.actions.filter((action) => (action.level ?? "Other") === level);
      return actions.length === 0 ? [] : [{ row, level, actions }];
    }),
  );
}

function fits({ row, level, actions }: Line): boolean {
  const text = filters.text.trim().toLowerCase();
  const named = actions.map(({ name }) => `${row.service}:${name}`);
  return (
    filters.levels.has(level) &&
    (filters.service === "" || row.service === filters.service) &&
    (text === "" || [...named, ...row.resources.list].some((word) => word.toLowerCase().includes(text)))
  );
}

function drawFilters(again: () => void): void {
  const tick = (level: Level) =>
    h(
      "label",
      { class: "tick" },
      h("input", {
        type: "checkbox",
        checked: filters.levels.has(level),
        onchange: (event) => {
          if ((event.target as HTMLInputElement).checked) filters.levels.add(level);
          else filters.levels.delete(level);
          again();
        },
      }),
      short(level),
    );
  const later = (change: () => void) => {
    change();
    again();
  };
  fill(
    part("can-filters"),
    field("Find", filters.text, (text) => later(() => (filters.text = text))),
    h("div", { class: "field" }, h("label", { for: "can-service" }, "Service"), h("select", { id: "can-service" })),
    field("May meet this resource", filters.resource, (text) => later(() => (filters.resource = text)), { mono: true }),
    h("fieldset", { class: "field" }, h("legend", {}, "Access"), h("div", { class: "ticks" }, LEVELS.map(tick))),
  );
}

function short(level: Level): string {
  return level.split(" ")[0]!;
}

function drawServices({ rows }: Can, again: () => void): void {
  const select = part<HTMLSelectElement>("can-service");
  const names = [...new Set(rows.map(({ service }) => service))];
  if (filters.service !== "" && !names.includes(filters.service)) filters.service = "";
  const option = (value: string, words: string) => h("option", { value, selected: value === filters.service }, words);
  fill(select, option("", "all"), names.map((name) => option(name, name)));
  select.onchange = () => {
    filters.service = select.value;
    again();
  };
}

function table(found: Can, lines: Line[], show: Show): Node {
  const heads = ["Service", "Access", "Actions", "On", "If", "By"];
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "What is allowed" },
    h(
      "table",
      { class: "abilities" },
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, lines.map((line) => tableRow(found, line, show))),
    ),
  );
}

function tableRow(found: Can, { row, level, actions }: Line, show: Show): Node {
  const by = row.by === null ? undefined : found.rules[row.by];
  const limits = [
    ...(by?.conditions ?? []).map((text) => h("p", {}, quoted(text))),
    row.except.length === 0 ? null : h("p", { class: "limit" }, "unless denied: ", row.except.map((rule) => reference("D", found, rule))),
    ...row.within.map((within) => h("p", { class: "limit" }, `within the ${layerName(within)} layer`)),
  ];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, row.service),
    h("td", {}, h("span", { class: `level ${level.split(" ")[0]}` }, short(level))),
    h("td", { class: "mono" }, names(actions, row.whole && actions.length === row.actions.length)),
    h("td", { class: "mono" }, shown(row.resources)),
    h("td", {}, limits),
    h("td", {}, by === undefined ? "being root" : ruleLink(by, show)),
  );
}

function names(actions: readonly Action[], whole: boolean): (Node | string)[] {
  if (whole && actions.length > NAMED) return [`* (all ${actions.length} actions)`];
  const all = actions.map(({ name }) => name);
  if (all.length <= NAMED + 1) return [all.join(", ")];
  return [all.slice(0, NAMED).join(", "), h("details", {}, h("summary", {}, `and ${all.length - NAMED} more`), all.slice(NAMED).join(", "))];
}

function shown({ negated, list }: Shown): (Node | string)[] {
  return [negated ? "all but " : "", ...list.map((text) => h("span", { class: "arn" }, text))];
}

function reference(letter: string, found: Can, rule: number): Node {
  const denies = [...new Set(found.rows.flatMap(({ except }) => except))].sort((a, b) => a - b);
  return h("a", { href: `#deny-${rule}`, class: "reference", onclick: (event) => jump(event, `deny-${rule}`) }, `${letter}${denies.indexOf(rule) + 1}`, " ");
}

/** Within the page: the fragment of its address is the reader's. */
function jump(event: Event, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.focus();
}

function limits(found: Can, denies: number[], show: Show): Node | null {
  if (denies.length === 0) return null;
  const all = [...new Set(found.rows.flatMap(({ except }) => except))].sort((a, b) => a - b);
  return h(
    "div",
    { class: "denies" },
    h("h3", {}, "Denies that may bite"),
    h("ul", {}, denies.sort((a, b) => a - b).map((at) => deny(`D${all.indexOf(at) + 1}`, at, found.rules[at], show))),
  );
}

function deny(name: string, at: number, rule: Rule | undefined, show: Show): Node | null {
  if (rule === undefined) return null;
  const actions = `${rule.actions.negated ? "all but " : ""}${rule.actions.list.join(", ")}`;
  const resources = `${rule.resources.negated ? "all but " : ""}${rule.resources.list.join(", ")}`;
  return h(
    "li",
    { id: `deny-${at}`, tabindex: -1 },
    h("b", { class: "reference" }, name),
    " ",
    ruleLink(rule, show),
    h("p", {}, h("code", {}, actions), " on ", h("code", {}, resources)),
    rule.conditions.map((text, at) => h("p", {}, at === 0 ? "if " : "and ", quoted(text))),
  );
}

function inVain({ cut, rules }: Can, show: Show): Node | null {
  if (cut.length === 0) return null;
  return h(
    "div",
    { class: "vain" },
    h("h3", {}, "Granted in vain"),
    h(
      "ul",
      {},
      cut.map(({ service, actions, by, deny, layer, level }) => {
        const granted = by === null ? undefined : rules[by];
        const taken = deny === undefined ? undefined : rules[deny];
        return h(
          "li",
          {},
          h("code", {}, `${service}: `, names(actions, false)),
          h("p", {}, "granted by ", granted === undefined ? "being root" : ruleLink(granted, show), ", but ", taken === undefined ? `the ${layerName({ layer: layer ?? "", level: level ?? 0 })} layer does not allow it` : ["denied by ", ruleLink(taken, show)]),
        );
      }),
    ),
  );
}

function ruleLink(rule: Rule, show: Show): Node {
  const words = statementName(rule);
  return h("button", { type: "button", class: "link", title: rule.policy, onclick: () => show(rule.policy, rule.span[0]) }, words);
}
