import type { Engine } from "./index.js";

/**
 * Takes the catalogue of AWS's services: the package's `catalog.gz` as bytes, or its text. Without it lints about
 * unknown names are silent, and listings have no access levels. The number of services.
 */
export function loadCatalogue(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): Promise<number>;

/** Reads a folder: names of files, `bailiwick.toml` among them, to their texts. */
export function openDeployment(files: { readonly [name: string]: string }): {
  /** Refusals (`E...`, severity `error`) or else lints (`L...`). */
  readonly findings: readonly Finding[];
  /** Absent if a file is refused. */
  readonly deployment: Deployment | undefined;
};

/** A place in a text: where it begins and where it ends, as `slice` takes them. */
export type Span = readonly [start: number, end: number];

export type Severity = "suggestion" | "warning" | "security-warning" | "error";

export interface Finding extends Reason {
  readonly file: string;
}

export interface Reason {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | null;
  /** The first is the primary place. */
  readonly labels: readonly { readonly span: Span; readonly text: string }[];
}

/** A folder of which nothing is refused. Its memory is given back by `free`, by `using`, or when it is collected. */
export class Deployment {
  private constructor();
  readonly outline: Outline;
  /** What somebody is here, and what became of each claim. */
  who(who: Who): Identity;
  /** A decision with its reasons. Throws if nobody asks, or if the request cannot be asked. */
  explain(who: Who, request: Question): Explanation;
  /** What somebody can do. */
  can(who: Who, narrow?: Narrow): Can;
  /** The tree as boxes and lines; with `who` and `request`, which of them the request comes by. */
  tree(options?: { who?: Who; request?: Question; most?: number }): Drawing;
  /** An engine, as `load` gives of an artifact. */
  engine(): Engine;
  /** The bytes that `load` takes. */
  artifact(): Uint8Array;
  free(): void;
  [Symbol.dispose](): void;
}

export interface Outline {
  readonly profile: "aws" | "strict";
  readonly account: string;
  /** Every policy file, once for each kind that it is used as. */
  readonly policies: readonly { readonly file: string; readonly kind: string; readonly statements: number }[];
  readonly issuers: readonly { readonly name: string; readonly issuers: readonly string[] }[];
  /** Whether an identity pool takes guests. */
  readonly guests: boolean;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** Prefixes of its own services. */
  readonly services: readonly string[];
}

/** Who asks: by verified claims, as a guest of an identity pool, or described. */
export type Who =
  | ({ readonly claims: string } & Exchange)
  | ({ readonly guest: true } & Exchange)
  | {
      /** An ARN, `anonymous`, or `service:NAME`. */
      readonly principal: string;
      readonly groups?: readonly string[];
      readonly tags?: { readonly [tag: string]: string };
      /** Other keys that the principal owns. */
      readonly context?: Values;
    };

export interface Exchange {
  /** The role that the client asks for. */
  readonly role?: string;
  /** The client calls STS itself. */
  readonly basicFlow?: boolean;
  readonly identityId?: string;
  /** False: the token is taken as it is, not through an identity pool. */
  readonly exchange?: boolean;
  /** When the role is taken, as `2026-11-22T23:00:00Z`. */
  readonly now?: string;
}

export type Value = string | number | boolean;

export interface Values {
  readonly [key: string]: Value | readonly Value[] | { readonly unknown: true };
}

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount?: string;
  readonly context?: Values;
}

export interface Narrow {
  /** `service:Name`, with `*` and `?`. */
  readonly action?: string;
  /** An ARN, with `*` and `?`. */
  readonly resource?: string;
  readonly context?: Values;
}

export interface Step {
  readonly step: string;
  readonly passed: boolean;
  readonly outcome: string;
}

export type Identity =
  | {
      readonly accepted: true;
      readonly name: string;
      readonly kind: string;
      readonly account: string | null;
      readonly issuer: string | null;
      readonly pool: string | null;
      readonly role: string | null;
      readonly groups: readonly string[];
      readonly groupsKnown: boolean;
      readonly sessionPolicies: readonly string[];
      readonly profile: "aws" | "strict";
      readonly keys: readonly {
        readonly key: string;
        readonly value: string | readonly string[] | { readonly unknown: true } | { readonly ambiguous: true };
      }[];
      /** Each claim, and what became of it; no fate means that no rule reads it. */
      readonly claims: readonly {
        readonly claim: string;
        readonly span: Span;
        readonly fates: readonly {
          readonly kind: "checked" | "subject" | "groups" | "key" | "tag" | "session" | "dropped";
          readonly text: string;
        }[];
      }[];
      readonly chain: readonly Step[];
    }
  | { readonly accepted: false; readonly reasons: readonly Reason[]; readonly chain: readonly Step[] };

export type Truth = "no" | "maybe" | "yes";

export interface Explanation {
  readonly verdict: "allow" | "implicit-deny" | "explicit-deny";
  readonly allowed: boolean;
  /** It is denied only for want of a value that is marked unknown. */
  readonly undetermined: boolean;
  readonly layer: string;
  readonly level: number;
  /** The deciding statement, if one decided: an `id` among `statements`. */
  readonly statement: number | null;
  /** Why the request could not be evaluated. */
  readonly error: string | null;
  readonly profile: "aws" | "strict";
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string | null;
  readonly sameAccount: boolean;
  /** Every layer and level in force. */
  readonly layers: readonly {
    readonly layer: string;
    readonly level: number;
    readonly allows: boolean;
    readonly denies: boolean;
  }[];
  /** Of an implicit deny: what would have to allow, and the statements that come nearest to it. */
  readonly lacking: readonly { readonly layer: string; readonly level: number; readonly nearest: readonly number[] }[];
  readonly statements: readonly StatementReport[];
  /** All of it, in words. */
  readonly words: string;
}

export interface StatementReport {
  readonly id: number;
  readonly policy: string;
  readonly sid: string | null;
  readonly position: number;
  readonly span: Span;
  readonly layer: string;
  readonly level: number;
  readonly effect: "allow" | "deny";
  readonly truth: Truth;
  readonly applies: boolean;
  /** Whether it comes nearest to what is lacking. */
  readonly near: boolean;
  readonly clauses: readonly ClauseReport[];
}

export interface ClauseReport {
  readonly part: "attachment" | "principal" | "action" | "resource" | "condition";
  readonly span: Span;
  readonly truth: Truth;
  /** Whether that is enough for the statement to apply. */
  readonly holds: boolean;
  readonly test: string;
  readonly negated: boolean;
  readonly key: string | null;
  readonly found: {
    readonly is: "missing" | "one" | "list" | "unknown" | "ambiguous";
    readonly value?: string | readonly string[];
  };
  readonly listed: readonly { readonly span: Span; readonly text: string; readonly fits: Truth }[];
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
  readonly note: string | null;
  readonly words: string;
}

export interface Action {
  readonly name: string;
  /** As the service authorization reference writes it; null where the catalogue does not know. */
  readonly level: "List" | "Read" | "Write" | "Permissions management" | "Tagging" | null;
}

/** Rows, `except`, `within` and `cut` speak of `rules` by position. */
export interface Can {
  readonly rows: readonly {
    readonly service: string;
    readonly actions: readonly Action[];
    /** Whether these are all that the catalogue knows of the service. */
    readonly whole: boolean;
    readonly resources: Shown;
    /** Who grants it; null for the root user, who needs no grant. */
    readonly by: number | null;
    /** Denies that may bite. */
    readonly except: readonly number[];
    /** Other layers, of which one rule must allow too. */
    readonly within: readonly {
      readonly layer: string;
      readonly level: number;
      readonly endpoint: string | null;
      readonly rules: readonly number[];
    }[];
  }[];
  /** What is granted in vain: by a deny (a rule), or for want of an allow in a layer. */
  readonly cut: readonly {
    readonly service: string;
    readonly actions: readonly Action[];
    readonly by: number | null;
    readonly deny?: number;
    readonly layer?: string;
    readonly level?: number;
  }[];
  readonly rules: readonly Rule[];
}

export interface Shown {
  /** Everything but the list. */
  readonly negated: boolean;
  readonly list: readonly string[];
}

export interface Rule {
  readonly policy: string;
  readonly sid: string | null;
  readonly position: number;
  readonly span: Span;
  readonly layer: string;
  readonly level: number;
  readonly effect: "allow" | "deny";
  readonly actions: Shown;
  readonly resources: Shown;
  /** What only a request can decide, in words. */
  readonly conditions: readonly string[];
}

export interface Drawing {
  readonly summary: string;
  readonly leftOut: readonly string[];
  /** No index serves the request: every rule that the principal reaches is tried. */
  readonly scanned: boolean;
  readonly width: number;
  readonly height: number;
  readonly statements: number;
  readonly rules: number;
  /** Of the artifact. */
  readonly bytes: number;
  readonly boxes: readonly {
    readonly kind: "set" | "bucket" | "action" | "branch" | "leaf";
    /** Whether the request comes by. */
    readonly lit: boolean;
    readonly place: readonly [x: number, y: number, width: number, height: number];
    readonly lines: readonly {
      readonly text: string;
      readonly short: string;
      readonly look: "plain" | "faint" | "allow" | "deny";
    }[];
  }[];
  readonly edges: readonly (readonly [from: number, to: number])[];
}
