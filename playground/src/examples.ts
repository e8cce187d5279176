// The examples: folders as the command takes them, and for each a few requests to try.
import { MANIFEST, rows, type Scene } from "./scene.ts";
import type { Question, Values } from "bailiwick-full";

/** Who asks, as an example says it. */
type Asking =
  | { claims: string; role?: string; identityId?: string }
  | { guest: true; role?: string; identityId?: string }
  | { principal: string; groups?: string[]; tags?: Record<string, string>; context?: Record<string, string> };

export interface Try {
  name: string;
  who: Asking;
  request: Question;
  /** The answer, or `refused` for a token that makes no principal. */
  expect: string;
}

export interface Example {
  id: string;
  title: string;
  about: string;
  files: Record<string, string>;
  /** Claims by file name. */
  claims: Record<string, string>;
  tries: Try[];
}

type Told = Pick<Example, "title" | "about" | "tries">;

const texts = import.meta.glob<string>(
  ["../examples/**/*.{json,toml}", "../../fixtures/shop/**/*.{json,toml}", "!../examples/**/scene.json"],
  { query: "?raw", import: "default", eager: true },
);
const told = import.meta.glob<Told>("../examples/*/scene.json", { import: "default", eager: true });

const ORDER = ["shop", "tenants", "groups", "perimeter", "boundary", "accounts"];

export const examples: readonly Example[] = ORDER.map((id) => {
  const scene = told[`../examples/${id}/scene.json`];
  if (scene === undefined) throw new Error(`no example ${id}`);
  const folder = id === "shop" ? "../../fixtures/shop/" : `../examples/${id}/`;
  const own = Object.entries(texts).filter(([path]) => path.startsWith(folder));
  const named = own.map(([path, text]) => [path.slice(folder.length), text] as const);
  const isClaims = (name: string) => name.startsWith("claims/");
  return {
    id,
    ...scene,
    files: Object.fromEntries(named.filter(([name]) => !isClaims(name)).sort(byName)),
    claims: Object.fromEntries(named.filter(([name]) => isClaims(name)).sort(byName)),
  };
});

/** Policies first, as they are what a reader came for; `bailiwick.toml` last. */
function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  const rank = (name: string) => (name === MANIFEST ? 2 : name.startsWith("policies/") ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

export function exampleOf(id: string): Example | undefined {
  return examples.find((example) => example.id === id);
}

/** The scene of an example's try; the reader's files stay, if they are given. */
export function sceneOf(example: Example, at: number, files = example.files): Scene {
  const { who, request } = example.tries[at] ?? example.tries[0]!;
  return {
    example: example.id,
    files: { ...files },
    asker: {
      mode: "claims" in who ? "token" : "guest" in who ? "guest" : "principal",
      token: "claims" in who ? (example.claims[who.claims] ?? "") : (Object.values(example.claims)[0] ?? ""),
      role: "role" in who ? (who.role ?? "") : "",
      identityId: "identityId" in who ? (who.identityId ?? "") : "",
      principal: {
        arn: "principal" in who ? who.principal : "arn:aws:iam::111122223333:user/ada",
        groups: ("principal" in who && who.groups) || [],
        tags: pairs("principal" in who ? who.tags : undefined),
        keys: pairs("principal" in who ? who.context : undefined),
      },
    },
    ask: {
      action: request.action,
      resource: request.resource,
      account: request.resourceAccount ?? "",
      context: rows(request.context as Values | undefined),
    },
  };
}

function pairs(values: Record<string, string> | undefined) {
  return Object.entries(values ?? {}).map(([name, value]) => ({ name, value }));
}
