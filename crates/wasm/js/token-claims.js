// What an issuer's tokens must look like, apart from their signature. The order of the checks is that of
// `crates/token/src/expectations.rs`.

import { JsonRefused, NumberText, readObject } from "./token-json.js";
import { SettingsError, TokenRefused } from "./token-refused.js";
import { ALGORITHMS } from "./token-wire.js";

/** Seconds that clocks may differ at most (SEMANTICS G20.6). */
const MAX_LEEWAY = 60;
/** Claims of the first level (SEMANTICS G20.8). */
const MAX_CLAIMS = 1_000;

/** What makes a logout token: signed by the issuer's key, for the same audience. */
const LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

/** @typedef {import("./token-json.js").Json} Json */

/** Checked settings of one issuer. */
export class Expectations {
  /** @param {Record<string, unknown>} settings */
  constructor(settings) {
    this.issuers = named(settings, "issuers");
    this.audiences = named(settings, "audiences");
    this.clients = list(settings, "clients");
    this.parties = list(settings, "parties");
    this.algorithms = list(settings, "algorithms") ?? ALGORITHMS;
    this.typ = text(settings, "typ");
    this.tokenUse = text(settings, "tokenUse");
    this.organization = settings.organization === null ? null : text(settings, "organization");
    this.leeway = leeway(settings.leeway);
    const unknown = this.algorithms.find((name) => !ALGORITHMS.includes(name));
    if (unknown !== undefined) {
      throw new SettingsError(`\`${unknown}\` is not an algorithm that tokens may use`, `known are ${ALGORITHMS.join(", ")}`);
    }
  }

  /**
   * @param {string} algorithm
   * @param {string | undefined} typ
   */
  header(algorithm, typ) {
    if (!this.algorithms.includes(algorithm)) {
      const message = `this issuer does not sign with ${algorithm}`;
      throw new TokenRefused("alg", message, `expected ${this.algorithms.join(", ")}`);
    }
    // Who says explicitly that it is something else is not taken for a token (RFC 8725, 3.11).
    if (this.typ === undefined && typ !== undefined && bare(typ).endsWith("+jwt") && bare(typ) !== "at+jwt") {
      const help = "give an ID token or an access token, or say in the settings what `typ` is";
      throw new TokenRefused("typ", "the token says that it is something else", help);
    }
    if (this.typ !== undefined && (typ === undefined || bare(typ) !== bare(this.typ))) {
      throw new TokenRefused("typ", "the token is of another type", `expected \`typ\` to be \`${this.typ}\``);
    }
  }

  /**
   * Looks at claims whose signature holds. Returns the second from which they do not hold any more.
   * @param {string} payload
   * @param {number} now in seconds since 1970
   */
  claims(payload, now) {
    let claims;
    try {
      claims = readObject(payload);
    } catch (error) {
      const help = "the issuer must send a JSON object without repetitions";
      if (error instanceof JsonRefused) throw new TokenRefused("claims", error.message, help, { code: error.code });
      throw error;
    }
    if (claims.size > MAX_CLAIMS) {
      throw new TokenRefused("size", `the token has ${claims.size} claims`, `at most ${MAX_CLAIMS} are read`);
    }
    this.#names(claims);
    return this.#times(claims, now);
  }

  /** @param {Map<string, Json>} claims */
  #names(claims) {
    if (this.issuers !== undefined && !meets(this.issuers, claims.get("iss"))) {
      const help = `expected \`${this.issuers.join("`, `")}\`, letter for letter`;
      throw new TokenRefused("iss", "the token is of another issuer", help);
    }
    const audiences = claims.get("aud");
    if (this.audiences !== undefined && !meetsOne(this.audiences, audiences)) {
      const help = `expected one of \`${this.audiences.join("`, `")}\``;
      throw new TokenRefused("aud", "the token is for somebody else", help);
    }
    if (this.clients !== undefined && !meets(this.clients, claims.get("client_id"))) {
      const help = `expected \`client_id\` to be one of \`${this.clients.join("`, `")}\``;
      throw new TokenRefused("aud", "the token was given to another application", help);
    }
    if (this.tokenUse !== undefined && claims.get("token_use") !== this.tokenUse) {
      const help = `expected \`token_use\` to be \`${this.tokenUse}\``;
      throw new TokenRefused("token_use", "the token is of the wrong kind", help);
    }
    const events = claims.get("events");
    if (events instanceof Map && events.has(LOGOUT)) {
      const help = "it tells that somebody has signed out; give an ID token or an access token";
      throw new TokenRefused("token_use", "this is a logout token", help);
    }
    const organization = claims.get("org_id") ?? null;
    if (this.organization !== undefined && organization !== this.organization) {
      const help = "the bearer must sign in to the organization that the application is for, or to none";
      throw new TokenRefused("org_id", "the token is of another organization", help);
    }
    if (this.parties !== undefined && !meets(this.parties, claims.get("azp"))) {
      const help = `expected \`azp\` to be one of \`${this.parties.join("`, `")}\``;
      throw new TokenRefused("azp", "the token was given to another application", help);
    }
  }

  /**
   * @param {Map<string, Json>} claims
   * @param {number} now
   */
  #times(claims, now) {
    const leeway = this.leeway;
    const expiry = time(claims, "exp");
    if (expiry === undefined) {
      throw new TokenRefused("exp", "the token does not say when it expires", "a token without `exp` would hold for ever");
    }
    // Written so that nothing holds where the clock is no number.
    if (!(now < expiry + leeway)) {
      throw new TokenRefused("exp", `the token expired at ${expiry}, it is ${now}`, "ask the issuer for a fresh one");
    }
    const start = time(claims, "nbf");
    if (start !== undefined && !(now >= start - leeway)) {
      throw new TokenRefused("nbf", `the token holds from ${start} on, it is ${now}`, "set the clocks, or wait");
    }
    const issued = time(claims, "iat");
    if (issued !== undefined && !(issued <= now + leeway)) {
      throw new TokenRefused("iat", `the token was issued at ${issued}, it is ${now}`, "set the clocks, or wait");
    }
    return Math.min(Math.trunc(expiry + leeway), Number.MAX_SAFE_INTEGER);
  }
}

/** @param {string} type */
function bare(type) {
  return type.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/^application\//, "");
}

/**
 * @param {string[]} known
 * @param {Json | undefined} given
 */
function meets(known, given) {
  return typeof given === "string" && known.includes(given);
}

/**
 * @param {string[]} known
 * @param {Json | undefined} given a text or a list of texts
 */
function meetsOne(known, given) {
  return Array.isArray(given) ? given.some((item) => meets(known, item)) : meets(known, given);
}

/**
 * A NumericDate: seconds, perhaps with a fraction. Nothing else is a time.
 * @param {Map<string, Json>} claims
 * @param {"exp" | "nbf" | "iat"} name
 */
function time(claims, name) {
  if (!claims.has(name)) return undefined;
  const value = claims.get(name);
  const seconds = value instanceof NumberText ? Number(value.text) : Number.NaN;
  if (Number.isFinite(seconds)) return seconds;
  throw new TokenRefused(name, `\`${name}\` is not a time`, "it must be a number of seconds since 1970");
}

/**
 * A setting that must be there, for what is not asked for is not checked; `null` says that somebody else looks.
 * @param {Record<string, unknown>} settings
 * @param {string} name
 */
function named(settings, name) {
  if (settings[name] === null) return undefined;
  const texts = list(settings, name);
  if (texts !== undefined) return texts;
  const help = `give the exact text or a list of them, or \`null\` where whoever reads the claims checks them`;
  throw new SettingsError(`\`${name}\` is missing`, help);
}

/**
 * @param {Record<string, unknown>} settings
 * @param {string} name
 * @returns {string[] | undefined}
 */
function list(settings, name) {
  const value = settings[name];
  if (value === undefined) return undefined;
  const texts = typeof value === "string" ? [value] : value;
  const good = Array.isArray(texts) && texts.length > 0 && texts.every((item) => typeof item === "string" && item !== "");
  if (good) return [...texts];
  throw new SettingsError(`\`${name}\` is not a text or a list of texts`, "an empty list would mean nobody, or everybody");
}

/**
 * @param {Record<string, unknown>} settings
 * @param {string} name
 */
function text(settings, name) {
  const value = settings[name];
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new SettingsError(`\`${name}\` is not a text`, "leave it out where it does not matter");
}

/** @param {unknown} value */
function leeway(value) {
  if (value === undefined) return 0;
  if (typeof value === "number" && value >= 0) return Math.min(value, MAX_LEEWAY);
  throw new SettingsError("`leeway` is not a number of seconds", `0 to ${MAX_LEEWAY}`);
}
