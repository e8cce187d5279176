// An issuer with one key of each type, made here, and tokens signed by it.

export const NOW = 1_700_000_000;

export function b64(data) {
  return Buffer.from(data).toString("base64url");
}

const HASHES = { 256: "SHA-256", 384: "SHA-384", 512: "SHA-512" };

function way(algorithm) {
  const hash = HASHES[algorithm.slice(2)];
  switch (algorithm.slice(0, 2)) {
    case "RS":
      return { name: "RSASSA-PKCS1-v1_5", hash };
    case "PS":
      return { name: "RSA-PSS", hash, saltLength: Number(algorithm.slice(2)) / 8 };
    case "ES":
      return { name: "ECDSA", hash, namedCurve: algorithm === "ES256" ? "P-256" : "P-384" };
    default:
      return { name: "Ed25519" };
  }
}

export class Issuer {
  static async make() {
    const issuer = new Issuer();
    const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
    const make = (how) => crypto.subtle.generateKey(how, true, ["sign", "verify"]);
    issuer.pairs = {
      RSA: await make(rsa),
      "P-256": await make({ name: "ECDSA", namedCurve: "P-256" }),
      "P-384": await make({ name: "ECDSA", namedCurve: "P-384" }),
      Ed25519: await make({ name: "Ed25519" }),
    };
    issuer.jwk = {};
    issuer.secret = {};
    for (const [name, pair] of Object.entries(issuer.pairs)) {
      const { kty, crv, n, e, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
      issuer.jwk[name] = JSON.parse(JSON.stringify({ kty, crv, n, e, x, y }));
      issuer.secret[name] = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
    }
    return issuer;
  }

  keys() {
    return {
      keys: [
        { ...this.jwk.RSA, kid: "r", use: "sig" },
        { ...this.jwk.RSA, kid: "r-rs256", use: "sig", alg: "RS256" },
        { ...this.jwk["P-256"], kid: "e" },
        { ...this.jwk["P-384"], kid: "e384" },
        { ...this.jwk.Ed25519, kid: "o" },
      ],
    };
  }

  /** Signs by `alg` of the header, or by RS256 if that is none. */
  async sign(header, payload) {
    const algorithm = /^(?:[RPE]S(?:256|384|512)|EdDSA)$/.test(header.alg) ? header.alg : "RS256";
    const how = way(algorithm);
    const kind = { RS: "RSA", PS: "RSA", ES: how.namedCurve }[algorithm.slice(0, 2)] ?? "Ed25519";
    const key = await crypto.subtle.importKey("pkcs8", this.secret[kind], how, false, ["sign"]);
    const message = `${b64(JSON.stringify(header))}.${b64(payload)}`;
    const signature = await crypto.subtle.sign(how, key, Buffer.from(message));
    return `${message}.${b64(signature)}`;
  }
}

export const RS256 = { alg: "RS256", kid: "r" };

export function claims(changes = {}) {
  const all = {
    iss: "https://id.example",
    sub: "u-1",
    aud: ["api", "other"],
    azp: "web",
    token_use: "id",
    exp: NOW + 300,
    nbf: NOW - 10,
    iat: NOW - 10,
    ...changes,
  };
  return JSON.stringify(all);
}

export function settings(issuer, changes = {}) {
  return {
    issuers: "https://id.example",
    audiences: "api",
    parties: "web",
    tokenUse: "id",
    jwks: issuer.keys(),
    now: () => NOW,
    ...changes,
  };
}
