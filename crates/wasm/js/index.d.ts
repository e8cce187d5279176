/** A decision is an answer, never an error. The same answer may be the same object: it is frozen. */
export interface Decision {
  readonly verdict: "allow" | "implicit deny" | "explicit deny";
  /** Whether the verdict is `allow`. */
  readonly allowed: boolean;
  /** The layer that denied, that lacked an allow, or that granted. */
  readonly layer: Layer;
  /** The organization level in the two control layers, else 0. */
  readonly level: number;
  /** The policy that holds the deciding statement, if one statement decided. */
  readonly policy: string | undefined;
  /** That statement's id, if it has one. */
  readonly sid: string | undefined;
  /** Its number in the policy, from 0. */
  readonly position: number | undefined;
  /** Its first byte in the policy's text, and one past its last. */
  readonly place: readonly [start: number, end: number] | undefined;
  /** Why the request could not be evaluated; it is then explicitly denied. */
  readonly error: "principal key" | "too large" | undefined;
}

export type Layer =
  | "resource control"
  | "service control"
  | "endpoint"
  | "resource"
  | "identity"
  | "boundary"
  | "session policy";

/** The value of a context key that has one which is not known here: nothing is granted that depends on it. */
export const unknown: unique symbol;

export type Scalar = string | number | bigint | boolean;

/** Values of condition keys that the request owns. `undefined` is as good as absent; a list makes a key multivalued. */
export interface Context {
  readonly [key: string]: Scalar | readonly Scalar[] | typeof unknown | undefined;
}

export interface Request {
  /** `service:Name` */
  readonly action: string;
  /** A full ARN, or `*` for an action that takes no resource. */
  readonly resource: string;
  readonly context?: Context | undefined;
  /** The account that owns the resource, where its ARN does not say. */
  readonly resourceAccount?: string | undefined;
}

/** What a verified token says. Give the payload's bytes or text: `JSON.parse` loses repeated members and the text of numbers. */
export type Claims = Uint8Array | ArrayBuffer | string | { readonly [claim: string]: unknown };

/** A principal as data: an ARN, or an object that says in exactly one way who asks. */
export type Principal = string | (PrincipalName & PrincipalDetails);

export type PrincipalName =
  | { readonly arn: string }
  | { readonly anonymous: true }
  | { readonly service: string }
  | { readonly federated: string }
  | {
      readonly issuer: string;
      readonly subject: string;
      /** The deployment's home account, `000000000000` unless told. */
      readonly account?: string;
    };

export interface PrincipalDetails {
  /** The ARN of the role, for a role session. */
  readonly role?: string;
  /** `AIDA...` or `AROA...` */
  readonly id?: string;
  /** The ARN of the user that began a federated user's session. */
  readonly parent?: string;
  readonly serviceLinked?: boolean;
  readonly groups?: readonly string[];
  /** False if there may be more groups than are listed. */
  readonly groupsKnown?: boolean;
  readonly sessionPolicies?: readonly string[];
  /** Principal tags. */
  readonly tags?: { readonly [tag: string]: string };
  /** Other condition keys that the principal owns. */
  readonly context?: { readonly [key: string]: Value | readonly Value[] | { readonly unknown: true } };
}

type Value = string | number | boolean;

/** Loads an artifact that `bailiwick build` made. Throws a `BailiwickError` for anything else. */
export function load(artifact: ArrayBuffer | ArrayBufferView): Engine;

/** A compiled set of policies. Its memory is given back by `free`, by `using`, or when it is collected. */
export class Engine {
  private constructor();
  /** What the token with these claims may do. Verify the token first: nothing here looks at signatures or times. */
  session(claims: Claims): Session;
  /** What a principal may do that the host describes. */
  sessionFor(principal: Principal): Session;
  /** Forgets it. Sessions that it made can still be asked. */
  free(): void;
  [Symbol.dispose](): void;
}

/** What one principal may do: fit to be kept for as long as its token lives. */
export class Session {
  private constructor();
  /** Decides one request. Throws a `BailiwickError` if it cannot be asked: no action, no ARN, no value. */
  decide(action: string, resource: string, context?: Context, resourceAccount?: string): Decision;
  /** Decides many requests, in order. */
  decideMany(requests: Iterable<Request>): Decision[];
  /** Decides what `handles` has interned: no text crosses over. */
  decideHandles(action: ActionHandle, resource: ResourceHandle, context?: ContextHandle): Decision;
  free(): void;
  [Symbol.dispose](): void;
}

declare const kind: unique symbol;
export type ActionHandle = number & { readonly [kind]: "action" };
export type ResourceHandle = number & { readonly [kind]: "resource" };
export type ContextHandle = number & { readonly [kind]: "context" };

/** For those who ask the same again and again: each text crosses over once, and stays until it is released. */
export const handles: {
  action(action: string): ActionHandle;
  resource(resource: string, account?: string): ResourceHandle;
  context(context: Context): ContextHandle;
  release(kind: "action", handle: ActionHandle): void;
  release(kind: "resource", handle: ResourceHandle): void;
  release(kind: "context", handle: ContextHandle): void;
};

/** What was refused and why. */
export class BailiwickError extends Error {
  constructor(code: string, message: string, help: string);
  readonly name: "BailiwickError";
  /** A diagnostic code, as `E202`: `bailiwick explain-code E202` tells more. */
  readonly code: string;
  /** What is wrong, without the help. */
  readonly summary: string;
  /** What to do; may be empty. */
  readonly help: string;
}
