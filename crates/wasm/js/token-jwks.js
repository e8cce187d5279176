// Where an issuer's keys come from: settings, or its published set with a cache (SEMANTICS G20.2, G20.9).
//
// A set is kept as long as its issuer says, within bounds, and asked for a little earlier at random, so that many
// instances do not ask at once. A `kid` that is not in the set has it fetched again, but not more often than once in
// `cooldown`. While the issuer cannot be reached the last set serves for `grace`, then tokens are refused. Only https,
// no redirects, bounded in size and time; and no address ever comes from a token.

import { KeySet } from "./token-keys.js";
import { SettingsError, TokenRefused } from "./token-refused.js";

/** Seconds, and bytes of a set; each may be set within its bounds. */
const CACHE = {
  /** How long a set is kept whose issuer does not say. */
  lifetime: { usual: 600, least: 10, most: 86_400 },
  /** How long a set is kept at least. */
  minLifetime: { usual: 60, least: 10, most: 86_400 },
  /** How long a set is kept at most. */
  maxLifetime: { usual: 86_400, least: 10, most: 7 * 86_400 },
  /** How long a set serves beyond its lifetime while the issuer cannot be reached. */
  grace: { usual: 3_600, least: 0, most: 86_400 },
  /** How long an unknown `kid` has no set fetched after the last time. */
  cooldown: { usual: 30, least: 5, most: 3_600 },
  /** How long an answer may take, its body included. */
  timeout: { usual: 3, least: 0.01, most: 30 },
  /** Bytes of an answer. */
  maxBytes: { usual: 256 << 10, least: 1 << 10, most: 256 << 10 },
};

/** Seconds after the first failure until the issuer is asked again; doubles with each further one, up to the cooldown. */
const RETRY = 2;
/** The part of a lifetime by which a set may be asked for earlier, and a wait be longer. */
const JITTER = 0.1;

/** Keys that never change. */
export class FixedKeys {
  /** @param {unknown} jwks a JWK set, as text or as an object */
  constructor(jwks) {
    const text = typeof jwks === "string" ? jwks : JSON.stringify(jwks) ?? "";
    this.keys = KeySet.parse(text);
  }

  /** Which set this is: what was derived from another one is not to be used any more. */
  get generation() {
    return this.keys.generation;
  }

  fresh() {
    return true;
  }

  async current() {
    return this.keys;
  }

  async after() {
    return this.keys;
  }
}

/** The published keys of an issuer. */
export class RemoteKeys {
  #uri;
  #fetch;
  #now;
  #random;
  #cache;
  /** @type {KeySet | undefined} */
  #keys;
  #text = "";
  #refreshAt = Number.NEGATIVE_INFINITY;
  #staleAt = Number.NEGATIVE_INFINITY;
  #askAgainAt = Number.NEGATIVE_INFINITY;
  #unknownAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** @type {TokenRefused | undefined} */
  #failure;
  /** @type {Promise<void> | undefined} */
  #asking;
  #asked = 0;

  /**
   * @param {unknown} uri
   * @param {{fetch: (url: string, init: object) => Promise<Response>, now: () => number, random: () => number,
   *   cache: Record<string, unknown>}} how
   */
  constructor(uri, { fetch, now, random, cache }) {
    this.#uri = address(uri);
    this.#fetch = fetch;
    this.#now = now;
    this.#random = random;
    this.#cache = bounds(cache);
  }

  /** Counts the sets that the issuer has had. */
  get generation() {
    return this.#keys?.generation ?? 0;
  }

  /**
   * Whether the set may be used at this time without asking anybody.
   * @param {number} now
   */
  fresh(now) {
    return this.#keys !== undefined && now < this.#refreshAt;
  }

  /**
   * The keys as of now.
   * @returns {Promise<KeySet>}
   * @throws {TokenRefused} `E308` if there are none
   */
  async current() {
    const now = this.#now();
    if (!this.fresh(now) && (this.#asking !== undefined || !(now < this.#askAgainAt))) await this.#ask();
    return this.#held();
  }

  /**
   * The keys after a token named one that is not among them.
   * @returns {Promise<KeySet>}
   */
  async after() {
    if (this.#asking !== undefined || !(this.#now() < this.#unknownAt)) await this.#ask();
    return this.#held();
  }

  #held() {
    if (this.#keys !== undefined && this.#now() < this.#staleAt) return this.#keys;
    const cause = this.#failure;
    if (cause !== undefined && cause.code !== "E308") throw cause;
    const help = "the issuer's key set cannot be fetched; try again later";
    throw new TokenRefused("keys", "there are no keys for the issuer", help, { code: "E308", cause });
  }

  /** Asks the issuer once, however many wait; never fails, and never lasts longer than the timeout. */
  async #ask() {
    this.#asking ??= this.#refresh();
    const mine = this.#asking;
    // Whoever began to ask may have gone, and its answer with it: nobody waits for that for ever.
    await within(this.#cache.timeout, mine).catch((error) => {
      if (this.#asking === mine) this.#failed(unreachable(error));
    });
    if (this.#asking === mine) this.#asking = undefined;
  }

  async #refresh() {
    const began = this.#now();
    this.#asked += 1;
    const turn = this.#asked;
    this.#unknownAt = began + this.#cache.cooldown * (1 + JITTER * this.#random());
    const stop = new AbortController();
    let answer;
    try {
      answer = await within(this.#cache.timeout, this.#get(stop.signal));
    } catch (error) {
      stop.abort();
      if (turn === this.#asked) this.#failed(error instanceof TokenRefused ? error : unreachable(error));
      return;
    }
    // An answer that came after the one to a later question is an old one.
    if (turn !== this.#asked) return;
    this.#failures = 0;
    this.#failure = undefined;
    if (this.#keys === undefined || answer.text !== this.#text) {
      answer.keys.generation = this.generation + 1;
      this.#keys = answer.keys;
      this.#text = answer.text;
    }
    this.#refreshAt = began + answer.lifetime * (1 - JITTER * this.#random());
    this.#askAgainAt = Number.NEGATIVE_INFINITY;
    this.#staleAt = began + answer.lifetime + this.#cache.grace;
  }

  /** @param {TokenRefused} refusal */
  #failed(refusal) {
    this.#failure = refusal;
    const wait = Math.min(RETRY * 2 ** this.#failures, this.#cache.cooldown);
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#askAgainAt = this.#now() + wait * (1 + JITTER * this.#random());
  }

  /** @param {AbortSignal} signal */
  async #get(signal) {
    const headers = { accept: "application/jwk-set+json, application/json" };
    // Not "error": some runtimes only know how to follow or not to.
    const response = await this.#fetch(this.#uri, { method: "GET", headers, redirect: "manual", signal });
    if (response.status !== 200 || response.redirected) {
      throw unreachable(new Error(`status ${response.status}`));
    }
    const text = await body(response, this.#cache.maxBytes);
    return { text, keys: KeySet.parse(text), lifetime: this.#lifetime(response.headers) };
  }

  /** @param {Headers} headers */
  #lifetime(headers) {
    const { lifetime, minLifetime, maxLifetime } = this.#cache;
    const control = headers.get("cache-control") ?? "";
    const age = Number(headers.get("age") ?? 0);
    const said = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})/i.exec(control)?.[1];
    let seconds = said === undefined ? lifetime : Number(said) - (age >= 0 ? age : 0);
    if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/i.test(control)) seconds = 0;
    return Math.min(Math.max(seconds, minLifetime), maxLifetime);
  }
}

/** @param {unknown} cause */
function unreachable(cause) {
  const help = "the address must answer 200 with a JWK set, without redirects, in time";
  return new TokenRefused("keys", "the issuer's key set cannot be fetched", help, { code: "E308", cause });
}

/**
 * An https address; it comes from the settings alone.
 * @param {unknown} uri
 */
function address(uri) {
  let url;
  try {
    url = new URL(typeof uri === "string" ? uri : "");
  } catch {
    throw new SettingsError("`jwksUri` is not an address", "such as `https://id.example/.well-known/jwks.json`");
  }
  if (url.protocol !== "https:") {
    throw new SettingsError("`jwksUri` is not https", "whoever sits on the way could put in keys of their own");
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw new SettingsError("`jwksUri` holds a name, a password or a fragment", "key sets are public");
  }
  return url.href;
}

/** @param {Record<string, unknown>} given */
function bounds(given) {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(CACHE, name));
  if (unknown !== undefined) {
    throw new SettingsError(`\`cache\` has no \`${unknown}\``, `there are ${Object.keys(CACHE).join(", ")}`);
  }
  /** @type {Record<string, number>} */
  const out = {};
  for (const [name, { usual, least, most }] of Object.entries(CACHE)) {
    const value = given[name] ?? usual;
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      throw new SettingsError(`\`cache.${name}\` is out of bounds`, `${least} to ${most}`);
    }
    out[name] = value;
  }
  if (out.minLifetime > out.maxLifetime) {
    throw new SettingsError("`cache.minLifetime` is above `cache.maxLifetime`", "exchange them");
  }
  return out;
}

/**
 * @template T
 * @param {number} seconds
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
async function within(seconds, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, /** @type {Promise<never>} */ (late)]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The text of an answer; reading ends where it is too long.
 * @param {Response} response
 * @param {number} most bytes
 */
async function body(response, most) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let [text, length] = ["", 0];
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new TokenRefused("keys", `the key set has more than ${most} bytes`, "key sets are small");
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}
