// Who asks: a token's claims with what each became, an AWS principal, or a guest.
import type { Identity } from "bailiwick-full";
import type { Answer } from "../answer.ts";
import type { Example } from "../examples.ts";
import type { Asker } from "../scene.ts";
import { fill, h, icon, part } from "./dom.ts";
import { field, pairs } from "./form.ts";
import { quoted } from "./verdict.ts";

const MODES = [
  ["token", "Token"],
  ["principal", "AWS principal"],
  ["guest", "Guest"],
] as const;

export interface WhoActions {
  /** Something was typed; `redraw` if the form has to look otherwise. */
  changed: (asker: Asker, redraw: boolean) => void;
}

/** The form: drawn when a scene begins or the mode changes, not while somebody types into it. */
export function drawWhoForm(asker: Asker, example: Example | undefined, { changed }: WhoActions): void {
  fill(
    part("who-mode"),
    MODES.map(([mode, words]) =>
      h(
        "label",
        {},
        h("input", { type: "radio", name: "who", value: mode, checked: asker.mode === mode, onchange: () => changed({ ...asker, mode }, true) }),
        h("span", {}, words),
      ),
    ),
  );
  part("who-token").hidden = asker.mode !== "token";
  fill(part("token-head"), samples(asker, example, changed));
  const form = part("who-form");
  if (asker.mode === "principal") {
    const { principal } = asker;
    const set = (part: Partial<Asker["principal"]>) => {
      Object.assign(principal, part);
      changed(asker, false);
    };
    fill(
      form,
      field("Principal", principal.arn, (arn) => set({ arn }), {
        hint: "An ARN of a user, role session or root; anonymous; or service:lambda.amazonaws.com",
        mono: true,
      }),
      field("Groups", principal.groups.join(", "), (text) => set({ groups: [text] }), { hint: "Parted by commas" }),
      pairs("Principal tag", principal.tags, (tags) => set({ tags })),
      pairs("Key of the principal", principal.keys, (keys) => set({ keys })),
    );
  } else if (asker.mode === "guest") {
    fill(form, h("p", { class: "hint" }, "Nobody signed in: the guest of the identity pool, if it takes guests."), exchange(asker, changed));
  } else {
    fill(form);
    part("token-head").append(exchange(asker, changed));
  }
}

/** What a client says when it exchanges a token for a role. */
function exchange(asker: Asker, changed: WhoActions["changed"]): Node {
  const set = (part: Partial<Asker>) => changed(Object.assign(asker, part), false);
  return h(
    "details",
    { class: "more", open: asker.role !== "" },
    h("summary", {}, "Exchange for a role"),
    h(
      "div",
      { class: "stack" },
      field("Role that the client asks for", asker.role, (role) => set({ role }), { mono: true }),
      field("Identity id in the pool", asker.identityId, (identityId) => set({ identityId }), {
        hint: "Unknown if it is empty; nothing is granted that depends on it.",
        mono: true,
      }),
    ),
  );
}

function samples(asker: Asker, example: Example | undefined, changed: WhoActions["changed"]): Node | null {
  const names = Object.keys(example?.claims ?? {});
  if (names.length === 0) return h("p", { class: "hint" }, "Paste a JSON Web Token, or its claims as JSON.");
  const short = (name: string) => name.replace(/^claims\//, "").replace(/\.json$/, "").replaceAll("-", " ");
  const current = names.find((name) => example?.claims[name] === asker.token);
  const pick = (event: Event) => {
    const token = example?.claims[(event.target as HTMLSelectElement).value];
    if (token !== undefined) changed({ ...asker, token }, true);
  };
  return h(
    "label",
    { class: "field inline" },
    h("span", {}, "Claims of"),
    h(
      "select",
      { onchange: pick },
      current === undefined ? h("option", { value: "", selected: true }, "your own") : null,
      names.map((name) => h("option", { value: name, selected: name === current }, short(name))),
    ),
    h("span", { class: "hint" }, "or paste a token"),
  );
}

/** What came of it. */
export function drawWho({ identity, claims, whoFault, deployment }: Answer): void {
  const pane = part("who");
  if (deployment === undefined) return fill(pane);
  const decoded =
    claims?.decoded === true
      ? h("p", { class: "hint" }, "Taken out of the token. Its signature is not checked here: never trust a token for having been pasted into a page.")
      : null;
  if (identity === undefined) {
    return fill(pane, h("p", { class: "refusal" }, icon("no"), h("span", {}, quoted(whoFault?.summary ?? ""), whoFault?.help ? ["; ", ...quoted(whoFault.help)] : null)));
  }
  if (!identity.accepted) {
    return fill(
      pane,
      decoded,
      identity.reasons.map(({ message, help, code }) =>
        h("p", { class: "refusal" }, icon("no"), h("span", {}, quoted(message), help === null ? null : ["; ", ...quoted(help)], " ", h("span", { class: "code" }, code))),
      ),
      chain(identity),
    );
  }
  fill(pane, decoded, principal(identity), chain(identity), report(identity));
}

type Accepted = Extract<Identity, { accepted: true }>;

function principal(identity: Accepted): Node {
  const groups = identity.groupsKnown ? identity.groups.join(", ") : "unknown: the token left them out";
  const facts: [string, string][] = [
    ["principal", identity.name],
    ["role", identity.role ?? ""],
    ["groups", groups],
    ["scoped by", identity.sessionPolicies.join(", ")],
  ];
  const keys = identity.keys.filter(({ key }) => /^(aws:PrincipalTag\/|token:)/i.test(key));
  return h(
    "dl",
    { class: "facts" },
    facts.filter(([, value]) => value !== "").map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
    keys.map(({ key, value }) => [h("dt", {}, key), h("dd", {}, words(value))]),
  );
}

function words(value: Accepted["keys"][number]["value"]): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.join(", ")}]`;
  return "unknown" in value ? "(unknown)" : "(ambiguous)";
}

function chain({ chain }: Identity): Node | null {
  if (chain.length === 0) return null;
  const sign = (passed: boolean) => icon(passed ? "yes" : "no");
  return h(
    "details",
    { class: "chain" },
    h("summary", {}, "How the token became a role"),
    h("ol", {}, chain.map(({ step, passed, outcome }) => h("li", { class: passed ? "yes" : "no" }, sign(passed), h("span", {}, h("b", {}, step), ` ${outcome}`)))),
  );
}

function report({ claims }: Accepted): Node | null {
  if (claims.length === 0) return null;
  const row = ({ claim, fates }: Accepted["claims"][number]) => {
    const became = fates.length === 0 ? "nothing: no rule reads it" : fates.map(({ text }) => text).join("; ");
    const look = fates.length === 0 ? "unread" : fates.some(({ kind }) => kind === "dropped") ? "lost" : "used";
    return h("tr", { class: look }, h("th", { scope: "row" }, claim), h("td", {}, became));
  };
  const used = claims.filter(({ fates }) => fates.length > 0);
  const unread = claims.filter(({ fates }) => fates.length === 0);
  const table = (rows: Accepted["claims"], caption: string) =>
    h(
      "table",
      { class: "claims" },
      h("caption", { class: "sr" }, caption),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Claim"), h("th", { scope: "col" }, "Became"))),
      h("tbody", {}, rows.map(row)),
    );
  return h(
    "div",
    { class: "report" },
    table(used, "What each claim became"),
    unread.length === 0
      ? null
      : h("details", {}, h("summary", {}, `${unread.length} claims that no rule reads`), table(unread, "Claims that no rule reads")),
  );
}

