// Verification of JSON Web Tokens at the edge: may these claims be believed?
//
// In: a token as it came over the wire, an issuer's settings, its keys or where they are published.
// Out: the very bytes of the claims, for the engine to read; or a `TokenRefused` that names the check.
// Never here: what claims mean (the artifact says that), addresses out of tokens, private keys.
//
// Same checks, same order, same codes as the native verifier, `crates/token`; signatures are WebCrypto's.

import { Expectations } from "./token-claims.js";
import { readObject } from "./token-json.js";
import { FixedKeys, RemoteKeys } from "./token-jwks.js";
import { SettingsError, shown, TokenRefused } from "./token-refused.js";
import { cut, readHeader } from "./token-wire.js";

export { Sessions } from "./token-sessions.js";
export { SettingsError, TokenRefused };

const SETTINGS = [
  "issuers",
  "audiences",
  "clients",
  "parties",
  "algorithms",
  "typ",
  "tokenUse",
  "organization",
  "leeway",
  "jwks",
  "jwksUri",
  "cache",
  "fetch",
  "now",
  "random",
];

/** Verifies the tokens of one issuer. */
export class Verifier {
  #expectations;
  #keys;
  #now;

  /** @param {Record<string, any>} settings see `token.d.ts` */
  constructor(settings) {
    if (typeof settings !== "object" || settings === null) {
      throw new SettingsError("the settings are no object", "give `{issuers, audiences, jwksUri}`");
    }
    // A name that is written wrong would be a check that is not made.
    const unknown = Object.keys(settings).find((name) => !SETTINGS.includes(name));
    if (unknown !== undefined) {
      throw new SettingsError(`there is no setting \`${unknown}\``, `there are ${SETTINGS.join(", ")}`);
    }
    this.#expectations = new Expectations(settings);
    this.#now = clock(settings.now);
    const { jwks, jwksUri } = settings;
    if ((jwks === undefined) === (jwksUri === undefined)) {
      throw new SettingsError("give one of `jwks` and `jwksUri`", "the key set itself, or where it is published");
    }
    const fetch = settings.fetch ?? ((/** @type {string} */ url, /** @type {object} */ init) => globalThis.fetch(url, init));
    this.#keys =
      jwks !== undefined
        ? new FixedKeys(jwks)
        : new RemoteKeys(jwksUri, {
            fetch,
            now: this.#now,
            random: settings.random ?? Math.random,
            cache: settings.cache ?? {},
          });
  }

  /** The exact texts that `iss` may be. */
  get issuers() {
    return this.#expectations.issuers ?? [];
  }

  /**
   * Verifies a token: form, header, algorithm, key, signature, and only then the claims (SEMANTICS G20).
   * @param {string} token
   * @returns {Promise<{claimsBytes: Uint8Array, kid: string | undefined, until: number, generation: number}>}
   * @throws {TokenRefused} and nothing else
   */
  async verify(token) {
    try {
      return await this.#verify(token);
    } catch (error) {
      if (error instanceof TokenRefused) throw error;
      const help = "nothing is accepted that cannot be verified";
      throw new TokenRefused("signature", "the token could not be verified", help, { cause: error });
    }
  }

  /** @param {string} token */
  async #verify(token) {
    const { signed, signature, header, claimsBytes, claims } = cut(token);
    const { algorithm, kid, typ } = readHeader(header);
    this.#expectations.header(algorithm, typ);
    let keys = await this.#keys.current();
    if (!keys.has(kid)) keys = await this.#keys.after();
    const key = keys.choose(kid, algorithm);
    if (!(await key.verifies(algorithm, signature, signed))) {
      const help = "it was changed on its way, or signed by another key";
      throw new TokenRefused("signature", "the signature does not hold", help);
    }
    // The clock is read now: fetching keys may have taken a while.
    const until = this.#expectations.claims(claims, this.#now());
    return { claimsBytes, kid, until, generation: keys.generation };
  }

  /**
   * Whether what was verified earlier still holds: its time is not over, and the keys are those of then. May ask the
   * issuer.
   * @param {{until: number, generation: number}} earlier
   * @returns {Promise<boolean>}
   */
  async holds({ until, generation }) {
    try {
      if (!this.#keys.fresh(this.#now())) await this.#keys.current();
      return this.#now() < until && this.#keys.generation === generation;
    } catch {
      return false;
    }
  }
}

/** Verifies the tokens of several issuers: what a token says of itself chooses among those, and nothing else. */
export class Verifiers {
  #verifiers;

  /** @param {Verifier[]} verifiers each with `issuers` of its own */
  constructor(verifiers) {
    const names = verifiers.flatMap((verifier) => verifier.issuers);
    if (names.length === 0 || verifiers.some((verifier) => verifier.issuers.length === 0)) {
      throw new SettingsError("a verifier does not say whose tokens it takes", "give each `issuers`");
    }
    if (new Set(names).size !== names.length) {
      throw new SettingsError("two verifiers are for one issuer", "keys of one issuer must not vouch for another");
    }
    this.#verifiers = new Map(verifiers.flatMap((verifier) => verifier.issuers.map((name) => [name, verifier])));
  }

  /**
   * The verifier for a token.
   * @param {string} token
   * @throws {TokenRefused}
   */
  choose(token) {
    const issuer = unverifiedIssuer(token);
    const verifier = this.#verifiers.get(issuer);
    if (verifier !== undefined) return verifier;
    const help = `taken are tokens of \`${[...this.#verifiers.keys()].join("`, `")}\``;
    throw new TokenRefused("iss", `no issuer here is \`${shown(issuer)}\``, help, { code: "E160" });
  }

  /**
   * @param {string} token
   * @throws {TokenRefused} and nothing else
   */
  async verify(token) {
    return this.choose(token).verify(token);
  }
}

/**
 * The `iss` that a token claims: good for choosing among configured issuers, and for nothing else (SEMANTICS G20.4).
 * @param {string} token
 * @throws {TokenRefused}
 */
export function unverifiedIssuer(token) {
  const { claims } = cut(token);
  let issuer;
  try {
    issuer = readObject(claims).get("iss");
  } catch {
    throw new TokenRefused("claims", "the token's payload cannot be read", "pass the token as it came");
  }
  if (typeof issuer === "string") return issuer;
  throw new TokenRefused("iss", "the token names no issuer", "have the issuer put `iss` into its tokens");
}

/**
 * Whole seconds since 1970.
 * @param {unknown} now
 */
function clock(now) {
  if (now === undefined) return () => Math.floor(Date.now() / 1000);
  if (typeof now !== "function") throw new SettingsError("`now` is no function", "it returns seconds since 1970");
  return () => {
    const seconds = Math.floor(Number(now()));
    if (!Number.isFinite(seconds)) throw new TokenRefused("exp", "the clock says nothing", "`now` returns seconds since 1970");
    return seconds;
  };
}
