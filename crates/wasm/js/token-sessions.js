// What the bearer of a token may do, remembered while the token holds: verification and mapping are paid once.

import { SettingsError } from "./token-refused.js";

/** @template T @typedef {{value: T, kid: string | undefined, until: number, generation: number, verifier: any, users: number, gone: boolean}} Entry */

/**
 * Sessions by token. The whole text of a token is its name here, so no two tokens are ever one. Bounded; what was used
 * longest ago goes first; nothing outlives `exp` or the keys that it was verified by; refusals are not kept.
 * @template T
 */
export class Sessions {
  #verifier;
  #open;
  #close;
  #capacity;
  /** @type {Map<string, Entry<T>>} */
  #entries = new Map();

  /**
   * @param {{verifier: any, open: (claimsBytes: Uint8Array) => T, close?: (value: T) => void, capacity?: number}} settings
   */
  constructor({ verifier, open, close, capacity = 1000 }) {
    if (typeof verifier?.verify !== "function" || typeof open !== "function") {
      throw new SettingsError("sessions need `verifier` and `open`", "open: (claimsBytes) => engine.session(claimsBytes)");
    }
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new SettingsError("`capacity` is not a number of sessions", "1 or more");
    }
    this.#verifier = verifier;
    this.#open = open;
    this.#close = close ?? ((/** @type {any} */ value) => value?.free?.());
    this.#capacity = capacity;
  }

  /** How many are remembered. */
  get size() {
    return this.#entries.size;
  }

  /**
   * Verifies a token, or finds that it still holds, and calls `work` with its session. The session is there until
   * `work` has ended, whatever is forgotten meanwhile; do not keep it.
   * @template R
   * @param {string} token
   * @param {(session: T, verified: {kid: string | undefined, until: number}) => R | Promise<R>} work
   * @returns {Promise<R>}
   * @throws {TokenRefused} as `Verifier.verify`; and what `open` or `work` throw
   */
  async use(token, work) {
    const entry = (await this.#known(token)) ?? (await this.#fresh(token));
    try {
      return await work(entry.value, { kid: entry.kid, until: entry.until });
    } finally {
      entry.users -= 1;
      this.#sweep(entry);
    }
  }

  /** Forgets all. */
  clear() {
    for (const token of [...this.#entries.keys()]) this.#forget(token);
  }

  /**
   * The entry of a token that still holds; it is in use.
   * @param {string} token
   */
  async #known(token) {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    // In use while the keys are asked for: it must not be closed under our hands.
    entry.users += 1;
    const holds = await entry.verifier.holds(entry);
    if (holds && !entry.gone) {
      this.#entries.delete(token);
      this.#entries.set(token, entry);
      return entry;
    }
    if (!holds && this.#entries.get(token) === entry) this.#forget(token);
    entry.users -= 1;
    this.#sweep(entry);
    return undefined;
  }

  /**
   * A new entry; it is in use.
   * @param {string} token
   */
  async #fresh(token) {
    const verifier = typeof this.#verifier.choose === "function" ? this.#verifier.choose(token) : this.#verifier;
    const { claimsBytes, kid, until, generation } = await verifier.verify(token);
    /** @type {Entry<T>} */
    const entry = { value: this.#open(claimsBytes), kid, until, generation, verifier, users: 1, gone: false };
    this.#forget(token);
    this.#entries.set(token, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#forget(oldest);
    }
    return entry;
  }

  /** @param {string} token */
  #forget(token) {
    const entry = this.#entries.get(token);
    if (entry === undefined) return;
    this.#entries.delete(token);
    entry.gone = true;
    this.#sweep(entry);
  }

  /** @param {Entry<T>} entry */
  #sweep(entry) {
    if (!entry.gone || entry.users > 0) return;
    // Once: its users never come back.
    entry.users = Number.POSITIVE_INFINITY;
    this.#close(entry.value);
  }
}

