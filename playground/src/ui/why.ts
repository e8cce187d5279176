// Every statement that has to do with the request, clause by clause.
import type { ClauseReport, Explanation, StatementReport } from "bailiwick-full";
import type { Answer } from "../answer.ts";
import { count, fill, h, icon, layerName, part, statementName } from "./dom.ts";
import { quoted, type Show } from "./verdict.ts";

export function drawWhy({ explanation }: Answer, show: Show): void {
  const pane = part("why");
  if (explanation === undefined) {
    fill(pane, h("p", { class: "empty" }, "As soon as there is a request that can be asked, its reasons stand here."));
    return;
  }
  const open = pane.querySelector("details")?.open === true;
  const matters = explanation.statements.filter(({ applies, near }) => applies || near);
  const rest = explanation.statements.filter(({ applies, near }) => !applies && !near);
  fill(
    pane,
    matters.length === 0
      ? h("p", { class: "empty" }, "No statement has to do with this request: nothing grants it, nothing denies it.")
      : h("ol", { class: "statements" }, matters.map((one) => card(one, explanation, show))),
    rest.length === 0
      ? null
      : h(
          "details",
          { class: "rest", open },
          h("summary", {}, `${count(rest.length, "statement")} without effect here`),
          h("ul", {}, rest.map((one) => h("li", {}, briefly(one, show)))),
        ),
  );
}

function card(one: StatementReport, explanation: Explanation, show: Show): Node {
  const decides = one.id === explanation.statement;
  const mark = decides ? "decides" : one.applies ? "applies" : "comes nearest";
  return h(
    "li",
    { class: `card ${one.applies ? one.effect : "near"}` },
    h(
      "div",
      { class: "card-head" },
      h("span", { class: `effect ${one.effect}` }, one.effect === "allow" ? "Allow" : "Deny"),
      name(one, show),
      h("span", { class: "mark" }, mark),
      h("span", { class: "layer-name" }, layerName(one)),
    ),
    h("ul", { class: "clauses" }, one.clauses.map(clause)),
  );
}

function name(one: StatementReport, show: Show): Node {
  return h(
    "button",
    { type: "button", class: "link", onclick: () => show(one.policy, one.span[0]) },
    h("b", {}, statementName(one)),
    ` of ${one.policy}`,
  );
}

function clause(clause: ClauseReport): Node {
  const sign = clause.truth === "maybe" ? "maybe" : clause.holds ? "yes" : "no";
  return h(
    "li",
    { class: `clause ${sign}` },
    icon(sign),
    h("span", { class: "part" }, clause.part),
    h("span", { class: "words" }, h("span", { class: "sr" }, clause.holds ? "holds: " : "fails: "), quoted(words(clause))),
  );
}

/** Of an attachment the sentence is another one here than where it is what is needed. */
function words({ part, test, found, words }: ClauseReport): string {
  if (part !== "attachment") return words;
  const value = typeof found.value === "string" ? `; here it is \`${found.value}\`` : "";
  return `attached to ${test}${value}`;
}

function briefly(one: StatementReport, show: Show): (Node | string)[] {
  const [failing] = one.clauses.filter(({ holds }) => !holds);
  return [name(one, show), failing === undefined ? "" : h("span", { class: "words" }, ": it needs ", quoted(failing.words))];
}
