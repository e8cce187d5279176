// The wire form: three parts of base64url without padding, and the header (RFC 7515; SEMANTICS G20.1..3, G20.8).
// The order of the checks is that of `crates/token/src/compact.rs` and `header.rs`.

import { kind, readObject } from "./token-json.js";
import { shown, TokenRefused } from "./token-refused.js";

/** Bytes of a token; real ones travel in a header and stay below 16 KiB. */
const MAX_TOKEN = 64 << 10;
/** Bytes of its encoded header. */
const MAX_HEADER = 4 << 10;

/** What a verifier can verify: no `none` and no shared secret is among them. */
export const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

const SIX_BITS = new Int8Array(128).fill(-1);
for (const [value, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].entries()) {
  SIX_BITS[letter.charCodeAt(0)] = value;
}

const encoder = new TextEncoder();
// A byte-order mark is a letter like any other, and refused as such.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A token, cut.
 * @param {unknown} token
 */
export function cut(token) {
  if (typeof token !== "string") {
    throw new TokenRefused("form", "this is not a JSON Web Token", "pass the token as a string");
  }
  // A text never has fewer bytes than letters: what is too long is not even encoded.
  const length = token.length > MAX_TOKEN ? token.length : encoder.encode(token).length;
  if (length > MAX_TOKEN) {
    throw new TokenRefused("size", `the token has ${length} bytes`, `at most ${MAX_TOKEN} are read`);
  }
  const parts = token.split(".", 6);
  if (parts.length !== 3) throw wrongParts(parts.length);
  const [header, payload, signature] = parts;
  const headerLength = encoder.encode(header).length;
  if (headerLength > MAX_HEADER) {
    throw new TokenRefused("size", `the token's header has ${headerLength} bytes`, `at most ${MAX_HEADER} are read`);
  }
  if (signature === "") {
    throw new TokenRefused("signature", "the token has no signature", "a token without a signature proves nothing");
  }
  const signatureBytes = decode(signature, "signature");
  const headerText = utf8(decode(header, "header"), "header");
  const claimsBytes = decode(payload, "payload");
  return {
    /** What is signed: the first two parts as they came. */
    signed: encoder.encode(token.slice(0, header.length + 1 + payload.length)),
    signature: signatureBytes,
    header: headerText,
    claimsBytes,
    claims: utf8(claimsBytes, "payload"),
  };
}

/** @param {number} count */
function wrongParts(count) {
  if (count === 5) {
    const help = "have the issuer send signed tokens: they have three parts";
    return new TokenRefused("form", "the token is encrypted", help);
  }
  if (count === 1) {
    const help = "an opaque token says nothing; ask for one of three parts";
    return new TokenRefused("form", "this is not a JSON Web Token", help);
  }
  const help = "pass it as it came: `header.payload.signature`";
  return new TokenRefused("form", "the token has not three parts", help);
}

/**
 * Bytes of a text of base64url: one text for each content, so no padding and no stray bits in the last letter.
 * @param {string} text
 * @param {string} name what it is part of
 */
export function decode(text, name) {
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let [good, bits, held, at] = [text.length % 4 !== 1, 0, 0, 0];
  for (let index = 0; good && index < text.length; index += 1) {
    const six = SIX_BITS[text.charCodeAt(index)] ?? -1;
    good = six >= 0;
    held = (held << 6) | six;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = held >> bits;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  if (good && held === 0) return bytes;
  const help = "only `A-Z a-z 0-9 - _`, no padding, no line breaks";
  throw new TokenRefused("form", `the ${name} is not base64url`, help);
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name
 */
function utf8(bytes, name) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new TokenRefused("form", `the token's ${name} is not UTF-8`, "pass the token as it came");
  }
}

/**
 * What a header may decide: untrusted text that only chooses among what is configured. `jwk`, `jku`, `x5u` and `x5c`
 * are not even read.
 * @param {string} text
 */
export function readHeader(text) {
  let members;
  try {
    members = readObject(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new TokenRefused("header", `the token's header cannot be read: ${why}`, "pass the token as it came");
  }
  if (members.has("crit")) {
    const help = "its header demands an extension that is not known here; it must not be accepted without";
    throw new TokenRefused("crit", "the token's header has `crit`", help);
  }
  const named = (/** @type {string} */ name) => {
    const value = members.get(name) ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    throw new TokenRefused("header", `\`${name}\` of the token's header is ${kind(value)}`, "it must be a text");
  };
  const algorithm = named("alg");
  if (algorithm === undefined) {
    throw new TokenRefused("alg", "the token names no algorithm", "a signed token names its algorithm");
  }
  if (!ALGORITHMS.includes(algorithm)) {
    throw new TokenRefused("alg", `algorithm \`${shown(algorithm)}\` is not accepted`, advice(algorithm));
  }
  return { algorithm, kid: named("kid"), typ: named("typ") };
}

/** @param {string} algorithm */
function advice(algorithm) {
  if (algorithm.startsWith("HS")) {
    return "a secret that readers share lets every reader issue tokens; only public keys are configured";
  }
  if (algorithm.toLowerCase() === "none") return "a token without a signature proves nothing";
  return `known are ${ALGORITHMS.join(", ")}`;
}
