// The answer in one sentence, and what each layer said.
import type { Explanation, StatementReport } from "bailiwick-full";
import type { Answer, Fault } from "../answer.ts";
import { count, fill, h, icon, layerName, part, statementName } from "./dom.ts";

/** Opens a statement in the editor. */
export type Show = (file: string, from: number) => void;

export function drawVerdict(answer: Answer, show: Show): void {
  const section = part("answer");
  const { word, look, sentence, detail } = said(answer, show);
  section.dataset.look = look;
  const sign = look === "allow" ? "yes" : look === "deny" ? "no" : "maybe";
  fill(
    part("verdict"),
    h("p", { class: "word" }, icon(sign), word),
    h("div", {}, h("p", { class: "sentence" }, sentence), detail === undefined ? null : h("p", { class: "detail" }, detail)),
  );
  drawLayers(answer.explanation);
}

interface Said {
  word: string;
  look: "allow" | "deny" | "none";
  sentence: (string | Node)[];
  detail?: (string | Node)[];
}

function said({ findings, deployment, whoFault, askFault, explanation }: Answer, show: Show): Said {
  if (deployment === undefined) {
    const errors = findings.filter(({ severity }) => severity === "error").length;
    return none([`The policies are refused: ${count(errors, "error")}. A set with an error in it decides nothing.`]);
  }
  if (whoFault !== undefined) return none(["Nobody is let in: ", ...told(whoFault)]);
  if (askFault !== undefined) return none(["The request cannot be asked: ", ...told(askFault)]);
  if (explanation === undefined) return none(["Nothing is asked."]);
  return decided(explanation, show);
}

function none(sentence: (string | Node)[]): Said {
  return { word: "No answer", look: "none", sentence };
}

function told({ code, summary, help }: Fault): (string | Node)[] {
  return [quoted(summary), help === "" ? "" : quoted(`; ${help}`), code === "" ? "" : h("span", { class: "code" }, code)].flat();
}

function decided(explanation: Explanation, show: Show): Said {
  const { statements, statement, verdict, error, layer } = explanation;
  const by = statements.find(({ id }) => id === statement);
  if (error !== null) return { word: "Denied", look: "deny", sentence: [`The request cannot be evaluated: ${error}.`] };
  if (verdict === "allow") {
    const sentence = by === undefined ? ["It needs no permission."] : [link(by, show), ` allows it, and nothing denies it.`];
    return { word: "Allowed", look: "allow", sentence, detail: asked(explanation) };
  }
  const word = explanation.undetermined ? "Undetermined" : "Denied";
  if (by !== undefined) {
    return { word, look: "deny", sentence: [link(by, show), " denies it, whoever allows it."], detail: asked(explanation) };
  }
  const near = statements.find(({ near }) => near);
  return {
    word,
    look: "deny",
    sentence: [`No statement of the ${layerName({ layer, level: explanation.level })} layer allows it.`],
    ...(near === undefined ? {} : { detail: nearest(near, show) }),
  };
}

function asked({ action, resource, caller }: Explanation): (string | Node)[] {
  const short = caller.startsWith("arn:") ? caller.slice(caller.lastIndexOf(":") + 1) : caller;
  return [h("code", {}, action), " on ", h("code", {}, resource), ` for ${short}`];
}

function nearest(near: StatementReport, show: Show): (string | Node)[] {
  const [clause] = near.clauses.filter(({ holds }) => !holds);
  return ["Nearest is ", link(near, show), clause === undefined ? "." : ["; it needs ", ...quoted(clause.words), "."]].flat();
}

function link(statement: StatementReport, show: Show): Node {
  const name = statementName(statement);
  return h(
    "button",
    { type: "button", class: "link", onclick: () => show(statement.policy, statement.span[0]) },
    h("b", {}, name),
    ` of ${statement.policy}`,
  );
}

/** Text with its back-ticked parts set as code. */
export function quoted(text: string): (string | Node)[] {
  return text.split("`").map((piece, at) => (at % 2 === 1 ? h("code", {}, piece) : piece));
}

function drawLayers(explanation: Explanation | undefined): void {
  const list = explanation?.layers.map((layer) => {
    const [look, sign, words] = layer.denies
      ? ["deny", "no", "denies"]
      : layer.allows
        ? ["allow", "yes", "allows"]
        : ["silent", "none", "is silent"];
    return h("li", { class: `layer ${look}` }, icon(sign!), layerName(layer), h("span", { class: "says" }, ` ${words}`));
  });
  fill(part("layers"), list === undefined || list.length === 0 ? null : h("ul", { "aria-label": "What each layer says" }, list));
}
