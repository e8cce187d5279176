/** Verification of JSON Web Tokens on WebCrypto: same checks, same order, same codes as Bailiwick's native verifier. */

/** The check that refused. */
export type Check =
  | "size" | "form" | "header" | "crit" | "alg" | "kid" | "signature" | "typ" | "claims" | "iss" | "aud"
  | "token_use" | "org_id" | "azp" | "exp" | "nbf" | "iat" | "keys";

export type Algorithm = "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "EdDSA";

/** A token that is not to be believed. */
export class TokenRefused extends Error {
  readonly name: "TokenRefused";
  readonly check: Check;
  /** Stable: see `docs/codes`. */
  readonly code: string;
  /** What to do. */
  readonly help: string;
}

/** Settings that no verifier can be made of. */
export class SettingsError extends TypeError {
  readonly name: "SettingsError";
  /** What to do. */
  readonly help: string;
}

/** How long the issuer's published keys are kept: seconds, and bytes. */
export interface CacheSettings {
  /** Where the issuer does not say. Default 600. */
  lifetime?: number;
  /** Default 60. */
  minLifetime?: number;
  /** Default 86,400. */
  maxLifetime?: number;
  /** Beyond the lifetime, while the issuer cannot be reached. Default 3,600. */
  grace?: number;
  /** Between two questions because of an unknown `kid`. Default 30. */
  cooldown?: number;
  /** For an answer with its body. Default 3. */
  timeout?: number;
  /** Bytes of an answer. Default 262,144. */
  maxBytes?: number;
}

/** What is asked of the tokens of one issuer. */
export interface VerifierSettings {
  /** The exact texts that `iss` may be; `null`: whoever reads the claims looks. */
  issuers: string | readonly string[] | null;
  /** One of these must be in `aud`; `null`: whoever reads the claims looks, as an artifact with audiences does. */
  audiences: string | readonly string[] | null;
  /** What `client_id` must be one of (access tokens of Cognito). */
  clients?: string | readonly string[];
  /** What `azp` must be one of. */
  parties?: string | readonly string[];
  /** What the issuer signs with; otherwise what each key allows. */
  algorithms?: Algorithm | readonly Algorithm[];
  /** The header's `typ`, such as `at+jwt`. */
  typ?: string;
  /** What `token_use` must be (Cognito). */
  tokenUse?: "id" | "access";
  /** What `org_id` must be; `null`: absent. */
  organization?: string | null;
  /** Seconds that clocks may differ; at most 60. Default 0. */
  leeway?: number;
  /** The JWK set itself; or `jwksUri`. */
  jwks?: string | object;
  /** Where the issuer publishes its JWK set: https. */
  jwksUri?: string;
  cache?: CacheSettings;
  /** In place of the global one. It must not follow redirects when told not to. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Seconds since 1970. */
  now?: () => number;
  /** 0 to 1, for jitter. */
  random?: () => number;
}

/** A token that holds. */
export interface Verified {
  /** The payload, byte for byte: give it to `engine.session`. */
  claimsBytes: Uint8Array;
  /** The key's name, if the token gave one. */
  kid: string | undefined;
  /** The second since 1970 from which it does not hold any more: nothing derived from it may be kept beyond. */
  until: number;
  /** Which of the issuer's key sets it was verified by. */
  generation: number;
}

/** Verifies the tokens of one issuer. */
export class Verifier {
  /** Throws `SettingsError`. */
  constructor(settings: VerifierSettings);
  readonly issuers: readonly string[];
  /** Counts the key sets that the issuer has had. */
  readonly generation: number;
  /** Rejects with `TokenRefused`, and with nothing else. */
  verify(token: string): Promise<Verified>;
  /** Whether what was verified earlier still holds. May ask the issuer for its keys; never rejects. */
  holds(earlier: Pick<Verified, "until" | "generation">): Promise<boolean>;
}

/** Verifies the tokens of several issuers. */
export class Verifiers {
  /** Throws `SettingsError`. */
  constructor(verifiers: readonly Verifier[]);
  /** The verifier for a token, by the `iss` that it claims. Throws `TokenRefused`. */
  choose(token: string): Verifier;
  /** Rejects with `TokenRefused`, and with nothing else. */
  verify(token: string): Promise<Verified>;
}

/** The `iss` that a token claims: good for choosing among configured issuers only. Throws `TokenRefused`. */
export function unverifiedIssuer(token: string): string;

export interface SessionsSettings<T> {
  verifier: Verifier | Verifiers;
  /** Such as `(claims) => engine.session(claims)`. */
  open: (claimsBytes: Uint8Array) => T;
  /** When a session is forgotten and nobody uses it. Default: its `free()`, if it has one. */
  close?: (session: T) => void;
  /** How many are remembered. Default 1,000. */
  capacity?: number;
}

/** Sessions by token: verification and mapping are paid once while the token holds. */
export class Sessions<T> {
  /** Throws `SettingsError`. */
  constructor(settings: SessionsSettings<T>);
  readonly size: number;
  /**
   * Calls `work` with the session of a token. It is there until `work` has ended; do not keep it. Rejects with
   * `TokenRefused`, and with what `open` and `work` throw.
   */
  use<R>(token: string, work: (session: T, verified: Pick<Verified, "kid" | "until">) => R | Promise<R>): Promise<R>;
  /** Forgets all. */
  clear(): void;
}
