// An issuer's public keys (RFC 7517; SEMANTICS G20.1, G20.2, G20.8). The same keys are taken and left out as by
// `crates/token/src/keys.rs`.

import { kind, readObject } from "./token-json.js";
import { shown, TokenRefused } from "./token-refused.js";
import { ALGORITHMS, decode } from "./token-wire.js";

/** Keys of one set. */
const MAX_KEYS = 100;
/** RSA below this is not accepted. */
const MIN_RSA_BYTES = 2048 / 8;
/** Bytes of a public exponent: what libraries agree on. */
const MAX_EXPONENT_BYTES = 4;

const RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const CURVES = {
  "P-256": { bytes: 32, algorithm: "ES256" },
  "P-384": { bytes: 48, algorithm: "ES384" },
};

/** @typedef {import("./token-json.js").Json} Json */

/** A public key and what it may verify. */
class Key {
  /** @type {Map<string, Promise<CryptoKey>>} */
  #imported = new Map();

  /**
   * @param {string | undefined} kid its name in the set, if it has one
   * @param {string[]} algorithms those that fit its type, its curve and its `alg`
   * @param {JsonWebKey} material nothing but its type and its numbers
   */
  constructor(kid, algorithms, material) {
    this.kid = kid;
    this.algorithms = algorithms;
    this.material = material;
  }

  /**
   * Whether a signature is by this key over these bytes.
   * @param {string} algorithm one of `algorithms`
   * @param {Uint8Array} signature
   * @param {Uint8Array} signed
   */
  async verifies(algorithm, signature, signed) {
    let key;
    try {
      key = await this.#import(algorithm);
    } catch (error) {
      if (error instanceof Error && error.name === "NotSupportedError") {
        const help = "use another runtime, or have the issuer sign with ES256 or RS256";
        throw new TokenRefused("alg", `${algorithm} cannot be verified in this runtime`, help, { cause: error });
      }
      // A point beside its curve is no key.
      return false;
    }
    try {
      return (await crypto.subtle.verify(parameters(algorithm).verify, key, signature, signed)) === true;
    } catch {
      return false;
    }
  }

  /** @param {string} algorithm */
  #import(algorithm) {
    let key = this.#imported.get(algorithm);
    if (key === undefined) {
      key = crypto.subtle.importKey("jwk", this.material, parameters(algorithm).import, false, ["verify"]);
      this.#imported.set(algorithm, key);
    }
    return key;
  }
}

/**
 * How WebCrypto calls an algorithm.
 * @param {string} algorithm
 */
function parameters(algorithm) {
  const hash = `SHA-${algorithm.slice(2)}`;
  switch (algorithm.slice(0, 2)) {
    case "RS":
      return { import: { name: "RSASSA-PKCS1-v1_5", hash }, verify: { name: "RSASSA-PKCS1-v1_5" } };
    case "PS":
      return {
        import: { name: "RSA-PSS", hash },
        verify: { name: "RSA-PSS", saltLength: Number(algorithm.slice(2)) / 8 },
      };
    case "ES":
      return {
        import: { name: "ECDSA", namedCurve: algorithm === "ES256" ? "P-256" : "P-384" },
        verify: { name: "ECDSA", hash },
      };
    default:
      return { import: { name: "Ed25519" }, verify: { name: "Ed25519" } };
  }
}

/** The keys of one issuer. */
export class KeySet {
  /** Keys for signatures, in order of writing. @type {Key[]} */
  keys = [];
  /** What was left out, and why: keys of other uses or types, or too weak. @type {string[]} */
  leftOut = [];
  /** Which of the issuer's sets it is. */
  generation = 0;

  /**
   * Reads a JWK set. A secret in the set, or two keys of one name, refuse it: the first is published to everyone, the
   * second is ambiguous.
   * @param {string} text
   * @throws {TokenRefused} `E307`
   */
  static parse(text) {
    const set = new KeySet();
    for (const [at, members] of nodes(text).entries()) {
      if (!(members instanceof Map)) throw refused(`key ${at} is ${kind(members)}`, "each key is an object");
      const kid = textOf(members, "kid");
      const name = kid === undefined ? `key ${at}` : `key \`${shown(kid)}\``;
      const read = readKey(members);
      if (read === undefined) {
        throw refused(`${name} is or holds a secret`, "publish public keys only; replace the key, it is known now");
      }
      if (typeof read === "string") {
        set.leftOut.push(`${name}: ${read}`);
        continue;
      }
      if (kid !== undefined && set.keys.some((other) => other.kid === kid)) {
        throw refused(`${name} is there twice`, "names in a key set are unique");
      }
      set.keys.push(read);
    }
    return set;
  }

  /**
   * Whether the set has a key of that name.
   * @param {string | undefined} kid
   */
  has(kid) {
    return kid === undefined || this.keys.some((key) => key.kid === kid);
  }

  /**
   * The one key for a token (SEMANTICS G20.2).
   * @param {string | undefined} kid
   * @param {string} algorithm
   * @throws {TokenRefused}
   */
  choose(kid, algorithm) {
    const key = kid === undefined ? this.#only() : this.keys.find((each) => each.kid === kid);
    if (key === undefined) {
      const help = "if the issuer has changed its keys, fetch the key set again";
      throw new TokenRefused("kid", `no key of the issuer is called \`${shown(kid ?? "")}\``, help);
    }
    if (key.algorithms.includes(algorithm)) return key;
    throw new TokenRefused("alg", `the token's key is not for ${algorithm}`, `it is for ${key.algorithms.join(", ")}`);
  }

  #only() {
    if (this.keys.length === 1) return this.keys[0];
    const message = `the token names no key, and the issuer has ${this.keys.length}`;
    throw new TokenRefused("kid", message, "have the issuer put `kid` into its tokens");
  }
}

/**
 * @param {string} message
 * @param {string} help
 */
function refused(message, help) {
  return new TokenRefused("keys", message, help);
}

/**
 * @param {string} text
 * @returns {Json[]}
 */
function nodes(text) {
  const help = 'give a JWK set: `{"keys": [...]}`';
  let set;
  try {
    set = readObject(text);
  } catch (error) {
    throw refused(`the key set cannot be read: ${error instanceof Error ? error.message : ""}`, help);
  }
  const keys = set.get("keys");
  if (!Array.isArray(keys)) throw refused("the key set has no `keys`", help);
  if (keys.length > MAX_KEYS) throw refused(`the key set has ${keys.length} keys`, `at most ${MAX_KEYS} are read`);
  return keys;
}

/**
 * A key; or why it is left out; or nothing if it is a secret.
 * @param {Map<string, Json>} members
 * @returns {Key | string | undefined}
 */
function readKey(members) {
  const type = textOf(members, "kty");
  if (type === "oct" || members.has("d") || members.has("k")) return undefined;
  if (members.has("use") && members.get("use") !== "sig") return "not for signatures";
  if (members.has("key_ops")) {
    const uses = members.get("key_ops");
    if (!Array.isArray(uses) || !uses.includes("verify")) return "not for verifying";
  }
  const read = material(members, type, textOf(members, "crv"));
  if (typeof read === "string") return read;
  let { algorithms } = read;
  if (members.has("alg")) {
    const own = textOf(members, "alg");
    algorithms = algorithms.filter((algorithm) => algorithm === own && ALGORITHMS.includes(algorithm));
    if (algorithms.length === 0) return "its `alg` does not fit its type";
  }
  return new Key(textOf(members, "kid"), algorithms, read.material);
}

/**
 * @param {Map<string, Json>} members
 * @param {string | undefined} type
 * @param {string | undefined} curve
 * @returns {{algorithms: string[], material: JsonWebKey} | string}
 */
function material(members, type, curve) {
  if (type === "RSA") {
    const [n, e] = [part(members, "n"), part(members, "e")];
    if (typeof n === "string") return n;
    if (typeof e === "string") return e;
    const [modulus, exponent] = [withoutZeros(n), withoutZeros(e)];
    if (modulus.length < MIN_RSA_BYTES || modulus.length > 4 * MIN_RSA_BYTES) return "RSA keys have 2048 to 8192 bits";
    // With an exponent of 1 everything is its own signature.
    const last = exponent.at(-1) ?? 0;
    const one = exponent.length === 1 && last === 1;
    if (exponent.length > MAX_EXPONENT_BYTES || last % 2 === 0 || one) return "its exponent is not one";
    return { algorithms: RSA, material: { kty: "RSA", n: encode(modulus), e: encode(exponent) } };
  }
  if (type === "EC" && curve !== undefined && Object.hasOwn(CURVES, curve)) {
    const { bytes, algorithm } = CURVES[/** @type {keyof typeof CURVES} */ (curve)];
    const [x, y] = [part(members, "x"), part(members, "y")];
    if (typeof x === "string") return x;
    if (typeof y === "string") return y;
    if (x.length !== bytes || y.length !== bytes) return "its point does not fit its curve";
    return { algorithms: [algorithm], material: { kty: "EC", crv: curve, x: encode(x), y: encode(y) } };
  }
  if (type === "OKP" && curve === "Ed25519") {
    const x = part(members, "x");
    if (typeof x === "string") return x;
    if (x.length !== 32) return "its point does not fit its curve";
    return { algorithms: ["EdDSA"], material: { kty: "OKP", crv: "Ed25519", x: encode(x) } };
  }
  return "its type is not known here";
}

/**
 * Bytes of a member, or why there are none.
 * @param {Map<string, Json>} members
 * @param {string} name
 */
function part(members, name) {
  const text = textOf(members, name);
  if (text === undefined) return "a part is missing";
  try {
    return decode(text, "key");
  } catch {
    return "a part is not base64url";
  }
}

/**
 * @param {Map<string, Json>} members
 * @param {string} name
 */
function textOf(members, name) {
  const value = members.get(name);
  return typeof value === "string" ? value : undefined;
}

/** @param {Uint8Array} bytes */
function withoutZeros(bytes) {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array() : bytes.subarray(first);
}

/** @param {Uint8Array} bytes */
function encode(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
