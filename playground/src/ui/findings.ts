// What is wrong with the files: squiggles in the editor, and a list below it.
import type { Diagnostic } from "@codemirror/lint";
import type { Explanation, Finding } from "bailiwick-full";
import { count, fill, h, part, statementName } from "./dom.ts";
import type { Mark } from "./editor.ts";
import { quoted, type Show } from "./verdict.ts";

/** What the editor underlines in a file. */
export function diagnostics(findings: readonly Finding[], file: string, text: string): Diagnostic[] {
  return findings.flatMap((finding) => {
    const [label] = finding.labels;
    if (finding.file !== file) return [];
    const [from, to] = label?.span ?? [0, 0];
    const end = Math.min(Math.max(to, from + 1), text.length);
    const severity = finding.severity === "error" ? "error" : finding.severity === "suggestion" ? "info" : "warning";
    const message = `${sentence(finding.message)} (${finding.code})${finding.help === null ? "" : `\n${sentence(finding.help)}`}`;
    return [{ from: Math.min(from, end), to: end, severity, message } satisfies Diagnostic];
  });
}

/** What the editor tints in a file: statements that matter, and how far each clause held. */
export function marks(explanation: Explanation | undefined, file: string): Mark[] {
  const list: Mark[] = [];
  for (const one of explanation?.statements ?? []) {
    if (one.policy !== file || (!one.applies && !one.near)) continue;
    const look = one.applies ? one.effect : "near";
    list.push({ from: one.span[0], to: one.span[1], look: `st st-${look}`, words: statementName(one), lines: true });
    for (const { span, holds, truth, words, listed } of one.clauses) {
      const clause = truth === "maybe" ? "maybe" : holds ? "yes" : "no";
      list.push({ from: span[0], to: span[1], look: `cl-${clause}`, words });
      for (const entry of listed) {
        if (entry.fits === "yes" && listed.length > 1) {
          list.push({ from: entry.span[0], to: entry.span[1], look: "cl-fits", words: `fits as \`${entry.text}\`` });
        }
      }
    }
  }
  return list;
}

export function drawFindings(findings: readonly Finding[], show: Show): void {
  const rank = { error: 0, "security-warning": 1, warning: 2, suggestion: 3 };
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const others = findings.length - errors;
  const counts = [errors > 0 ? count(errors, "error") : "", others > 0 ? count(others, "lint") : ""].filter((text) => text !== "");
  const status = part("findings-count");
  status.textContent = counts.length === 0 ? "nothing to complain about" : counts.join(", ");
  status.className = errors > 0 ? "bad" : others > 0 ? "warn" : "good";
  fill(
    part("findings"),
    sorted.length === 0 ? null : h("ul", { "aria-label": "Findings" }, sorted.slice(0, 50).map((finding) => row(finding, show))),
    sorted.length > 50 ? h("p", {}, `and ${sorted.length - 50} more`) : null,
  );
}

function row(finding: Finding, show: Show): Node {
  const from = finding.labels[0]?.span[0] ?? 0;
  return h(
    "li",
    { class: `finding ${finding.severity}` },
    h("span", { class: "code" }, finding.code),
    h(
      "div",
      {},
      h("p", {}, quoted(sentence(finding.message)), finding.help === null ? null : h("span", { class: "help" }, " ", quoted(sentence(finding.help)))),
      h("button", { type: "button", class: "link small", onclick: () => show(finding.file, from) }, finding.file),
    ),
  );
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
