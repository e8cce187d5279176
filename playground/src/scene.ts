// What a reader has in front of them: files, who asks, for what. It is what a link carries.
import type { Question, Values } from "bailiwick-full";

/** How the asker is described. All three are kept, so that switching loses nothing. */
export interface Asker {
  mode: "token" | "principal" | "guest";
  /** Claims as JSON, or a JSON Web Token. */
  token: string;
  /** The role that the client asks for, and its identity's id in the pool; empty if it says neither. */
  role: string;
  identityId: string;
  principal: { arn: string; groups: string[]; tags: Pair[]; keys: Pair[] };
}

/** A name and a value as they are typed. */
export interface Pair {
  name: string;
  value: string;
}

/** A context key of the request. */
export interface Entry extends Pair {
  kind: "text" | "list" | "unknown";
}

export interface Ask {
  action: string;
  resource: string;
  account: string;
  context: Entry[];
}

export interface Scene {
  /** Which example it began as; none for one of the reader's own. */
  example: string;
  files: Record<string, string>;
  asker: Asker;
  ask: Ask;
}

export const MANIFEST = "bailiwick.toml";

/** The request as the engine takes it. The page's clock fills the time, unless the reader did. */
export function question(ask: Ask, now: Date): Question {
  const context: Record<string, Values[string]> = Object.create(null);
  for (const { name, value, kind } of ask.context) {
    const key = name.trim();
    if (key === "") continue;
    if (kind === "unknown") context[key] = { unknown: true };
    else if (kind === "list") context[key] = listed(value);
    else context[key] = value;
  }
  const given = Object.keys(context).map((key) => key.toLowerCase());
  if (!given.includes("aws:currenttime") && !given.includes("aws:epochtime")) {
    context["aws:CurrentTime"] = instant(now);
    context["aws:EpochTime"] = String(Math.floor(now.getTime() / 1000));
  }
  const account = ask.account.trim();
  return {
    action: ask.action.trim(),
    resource: ask.resource.trim(),
    ...(account === "" ? {} : { resourceAccount: account }),
    context,
  };
}

/** A list as it is typed: parted by commas. */
export function listed(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** `2026-11-22T23:00:00Z` */
export function instant(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** The context of an example as rows of the form. */
export function rows(context: Values | undefined): Entry[] {
  return Object.entries(context ?? {}).map(([name, value]) => {
    if (Array.isArray(value)) return { name, value: value.join(", "), kind: "list" };
    if (typeof value === "object") return { name, value: "", kind: "unknown" };
    return { name, value: String(value), kind: "text" };
  });
}
