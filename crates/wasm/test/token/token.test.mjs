// What an attacker sends, and the check that refuses it: the table of the native verifier (`crates/token/tests`).

import assert from "node:assert/strict";
import { test } from "node:test";

import { SettingsError, TokenRefused, unverifiedIssuer, Verifier, Verifiers } from "../../js/token.js";
import { KeySet } from "../../js/token-keys.js";
import { b64, claims, Issuer, NOW, RS256, settings } from "./issuer.mjs";

const issuer = await Issuer.make();
const stranger = await Issuer.make();
const verifier = new Verifier(settings(issuer));

/** `accepted`, or the name of the check that refuses: by a `TokenRefused`, and by nothing else. */
async function outcome(verifier, token) {
  try {
    await verifier.verify(token);
    return "accepted";
  } catch (error) {
    assert.ok(error instanceof TokenRefused, String(error));
    assert.equal(error.name, "TokenRefused");
    assert.match(error.code, /^E[0-9]{3}$/);
    assert.ok(error.message.length > 0 && error.help.length > 0);
    assert.equal(error.cause, undefined, String(error.cause));
    return error.check;
  }
}

test("honest tokens are accepted", async () => {
  for (const header of [
    RS256,
    { alg: "RS384", kid: "r" },
    { alg: "RS512", kid: "r" },
    { alg: "RS256", kid: "r-rs256", typ: "JWT" },
    { alg: "PS256", kid: "r" },
    { alg: "PS384", kid: "r" },
    { alg: "PS512", kid: "r" },
    { alg: "ES256", kid: "e" },
    { alg: "ES384", kid: "e384" },
    { alg: "EdDSA", kid: "o" },
    // Keys and addresses that a token brings along are not even read.
    { alg: "RS256", kid: "r", jku: "https://evil.example/keys", x5u: "https://evil.example", x5c: ["AA"] },
  ]) {
    assert.equal(await outcome(verifier, await issuer.sign(header, claims())), "accepted", JSON.stringify(header));
  }
});

test("claims are the very bytes that were signed", async () => {
  const payload = claims().replace("{", '{ "n": 1.50e+3, "big": 9007199254740993, "é": "\\u00e9",');
  const verified = await verifier.verify(await issuer.sign(RS256, payload));
  assert.equal(Buffer.from(verified.claimsBytes).toString(), payload);
  assert.deepEqual([verified.kid, verified.until], ["r", NOW + 300]);
});

test("headers do not choose how they are believed", async () => {
  const payload = claims();
  const honest = await issuer.sign(RS256, payload);
  const [head, body, signature] = honest.split(".");
  const forged = (header) => `${b64(JSON.stringify(header))}.${body}.${signature}`;
  const raw = (text) => `${b64(text)}.${body}.${signature}`;
  for (const [what, token, check] of [
    ["no algorithm", forged({ kid: "r" }), "alg"],
    ["algorithm is null", forged({ alg: null, kid: "r" }), "alg"],
    ["alg none, signature left", forged({ alg: "none", kid: "r" }), "alg"],
    ["alg None", forged({ alg: "None" }), "alg"],
    ["alg none, stripped", `${b64('{"alg":"none"}')}.${body}.`, "signature"],
    ["stripped signature", `${head}.${body}.`, "signature"],
    ["HS256 by the public key", await hmac(payload), "alg"],
    ["alg is a list", forged({ alg: ["RS256"], kid: "r" }), "header"],
    ["alg in lower case", forged({ alg: "rs256", kid: "r" }), "alg"],
    ["another algorithm of the same key type", await issuer.sign({ alg: "PS256", kid: "r-rs256" }, payload), "alg"],
    ["another hash", await issuer.sign({ alg: "RS512", kid: "r-rs256" }, payload), "alg"],
    ["an EC algorithm with an RSA key", await issuer.sign({ alg: "ES256", kid: "r" }, payload), "alg"],
    ["another curve", await issuer.sign({ alg: "ES384", kid: "e" }, payload), "alg"],
    ["a key of another issuer", await stranger.sign(RS256, payload), "signature"],
    ["a key in the header", await stranger.sign({ alg: "EdDSA", kid: "o", jwk: stranger.jwk.Ed25519 }, payload), "signature"],
    ["unknown kid", await issuer.sign({ alg: "RS256", kid: "../../etc/passwd" }, payload), "kid"],
    ["empty kid", await issuer.sign({ alg: "RS256", kid: "" }, payload), "kid"],
    ["no kid, several keys", await issuer.sign({ alg: "RS256" }, payload), "kid"],
    ["kid is a number", forged({ alg: "RS256", kid: 1 }), "header"],
    ["typ is a list", forged({ alg: "RS256", kid: "r", typ: ["JWT"] }), "header"],
    ["unknown critical header", await issuer.sign({ alg: "RS256", kid: "r", crit: ["exp"] }, payload), "crit"],
    ["empty crit", await issuer.sign({ alg: "RS256", kid: "r", crit: [] }, payload), "crit"],
    ["crit is null", await issuer.sign({ alg: "RS256", kid: "r", crit: null }, payload), "crit"],
    ["an unencoded payload", await issuer.sign({ alg: "RS256", kid: "r", b64: false, crit: ["b64"] }, payload), "crit"],
    ["alg twice", raw('{"alg":"none","alg":"RS256","kid":"r"}'), "header"],
    ["header is a list", raw("[]"), "header"],
    ["header is not JSON", raw("alg"), "header"],
    ["header is empty", raw(""), "header"],
    ["a byte-order mark", raw('\ufeff{"alg":"RS256","kid":"r"}'), "header"],
  ]) {
    assert.equal(await outcome(verifier, token), check, what);
  }
});

/** Key confusion: the public key as a shared secret. */
async function hmac(payload) {
  const message = `${b64('{"alg":"HS256","kid":"r"}')}.${b64(payload)}`;
  const how = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.exportKey("spki", issuer.pairs.RSA.publicKey);
  const key = await crypto.subtle.importKey("raw", secret, how, false, ["sign"]);
  return `${message}.${b64(await crypto.subtle.sign(how, key, Buffer.from(message)))}`;
}

test("the wire form is strict", async () => {
  const honest = await issuer.sign(RS256, claims());
  const [header, body, signature] = honest.split(".");
  const es256 = b64('{"alg":"ES256","kid":"e"}');
  const standard = Buffer.from('{"alg":"RS256","kid":"r","x":"???>>>"}').toString("base64");
  const inDer = b64([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);
  for (const [what, token, check] of [
    ["nothing", undefined, "form"],
    ["null", null, "form"],
    ["a number", 5, "form"],
    ["a list", [honest], "form"],
    ["an object that is a text when asked", { toString: () => honest, length: 1, split: () => honest.split(".") }, "form"],
    ["empty", "", "form"],
    ["opaque", "2YotnFZFEjr1zCsicMWpAA", "form"],
    ["two parts", `${header}.${body}`, "form"],
    ["four parts", `${honest}.${signature}`, "form"],
    ["five parts: encrypted", `${honest}.${body}.${signature}`, "form"],
    ["six parts", `${honest}.a.b.c`, "form"],
    ["only dots", "..", "signature"],
    ["a changed payload", `${header}.${b64(claims({ sub: "admin" }))}.${signature}`, "signature"],
    ["a space before", ` ${honest}`, "form"],
    ["Bearer before", `Bearer ${honest}`, "form"],
    ["a line's end", `${honest}\n`, "form"],
    ["padding", `${header}.${body}.${signature}==`, "form"],
    ["the other alphabet", `${standard}.${body}.${signature}`, "form"],
    ["a letter beyond ASCII", `${header}.${body}.\u0141${signature.slice(1)}`, "form"],
    ["half a letter", `${header}.${body}.\ud83d${signature.slice(1)}`, "form"],
    ["one letter more than bytes", `${header}.${body}.${signature}AAA`, "form"],
    ["cut short", `${header}.${body}.${b64(Buffer.from(signature, "base64url").subarray(1))}`, "signature"],
    ["ES256 with r = 0", `${es256}.${body}.${b64(new Uint8Array(64))}`, "signature"],
    ["ES256 in DER", `${es256}.${body}.${inDer}`, "signature"],
    ["10 MB", `${header}.${"A".repeat(10 << 20)}.${signature}`, "size"],
    ["64 KiB in letters, more in bytes", "é".repeat(40 << 10), "size"],
    ["a header of 5 KB", `${"A".repeat(5 << 10)}.${body}.${signature}`, "size"],
    ["payload is not UTF-8", `${header}.${b64([0xff, 0xfe])}.${signature}`, "form"],
    ["payload holds half a letter", `${header}.${b64([0x22, 0xed, 0xa0, 0x80, 0x22])}.${signature}`, "form"],
  ]) {
    assert.equal(await outcome(verifier, token), check, what);
  }
  // The last letter of a signature of 256 bytes holds four bits that say nothing: one text for each content.
  const twin = { A: "B", Q: "R", g: "h", w: "x" }[honest.at(-1)];
  assert.equal(await outcome(verifier, honest.slice(0, -1) + twin), "form");
});

test("claims are looked at after the signature", async () => {
  const without = (name) => claims({ [name]: undefined });
  for (const [what, payload, check] of [
    ["another issuer", claims({ iss: "https://id.example/" }), "iss"],
    ["no issuer", without("iss"), "iss"],
    ["issuer is a list", claims({ iss: ["https://id.example"] }), "iss"],
    ["wrong audience", claims({ aud: "other" }), "aud"],
    ["no audience", without("aud"), "aud"],
    ["audience is an object", claims({ aud: { 0: "api" } }), "aud"],
    ["audience in a list in a list", claims({ aud: [["api"]] }), "aud"],
    ["given to another application", claims({ azp: "evil" }), "azp"],
    ["no azp", without("azp"), "azp"],
    ["azp is a list", claims({ azp: ["evil", "web"] }), "azp"],
    ["an access token", claims({ token_use: "access" }), "token_use"],
    ["no token_use", without("token_use"), "token_use"],
    ["expired", claims({ exp: NOW - 1 }), "exp"],
    ["expires now", claims({ exp: NOW }), "exp"],
    ["no expiry", without("exp"), "exp"],
    ["expiry is text", claims({ exp: "1900000000" }), "exp"],
    ["expiry is null", claims({ exp: null }), "exp"],
    ["expiry is a list", claims({ exp: [NOW + 300] }), "exp"],
    ["expiry out of range", claims({ exp: -1e300 }), "exp"],
    ["expiry without end", claims().replace(String(NOW + 300), "1e999"), "exp"],
    ["not yet valid", claims({ nbf: NOW + 1 }), "nbf"],
    ["nbf is text", claims({ nbf: "x" }), "nbf"],
    ["issued tomorrow", claims({ iat: NOW + 86_400 }), "iat"],
    ["sub twice", claims().replace("{", '{"sub":"admin",'), "claims"],
    ["sub twice, one escaped", claims().replace("{", '{"s\\u0075b":"admin",'), "claims"],
    ["twice further in", claims().replace("{", '{"a":[{"b":1,"b":1}],'), "claims"],
    ["a list", "[]", "claims"],
    ["not JSON", "sub", "claims"],
    ["empty", "", "claims"],
    ["too deep", "[".repeat(30_000), "claims"],
    ["a fraction of a second left", claims({ exp: NOW + 0.5 }), "accepted"],
    ["10,001 groups", claims({ groups: Array.from({ length: 10_001 }, (_, at) => `g${at}`) }), "size"],
  ]) {
    assert.equal(await outcome(verifier, await issuer.sign(RS256, payload)), check, what);
    const unsigned = await outcome(verifier, await stranger.sign(RS256, payload));
    assert.ok(["signature", "size"].includes(unsigned), `${what}: ${unsigned}`);
  }
});

test("expectations narrow", async () => {
  const honest = claims();
  const typed = (typ) => ({ alg: "RS256", kid: "r", typ });
  for (const [what, changes, header, payload, check] of [
    ["leeway", { leeway: 60 }, RS256, claims({ exp: NOW - 59 }), "accepted"],
    ["leeway, used up", { leeway: 60 }, RS256, claims({ exp: NOW - 60 }), "exp"],
    ["leeway is capped", { leeway: 900 }, RS256, claims({ exp: NOW - 61 }), "exp"],
    ["leeway for nbf", { leeway: 60 }, RS256, claims({ nbf: NOW + 60 }), "accepted"],
    ["leeway for nbf, used up", { leeway: 60 }, RS256, claims({ nbf: NOW + 61 }), "nbf"],
    ["RS256 not listed", { algorithms: ["ES256"] }, RS256, honest, "alg"],
    ["typ missing", { typ: "at+jwt" }, RS256, honest, "typ"],
    ["typ of an ID token", { typ: "at+jwt" }, typed("JWT"), honest, "typ"],
    ["typ", { typ: "at+jwt" }, typed("at+jwt"), honest, "accepted"],
    ["typ in full", { typ: "at+jwt" }, typed("application/AT+JWT"), honest, "accepted"],
    ["organization", { organization: "o" }, RS256, claims({ org_id: "o" }), "accepted"],
    ["no organization", { organization: "o" }, RS256, honest, "org_id"],
    ["another organization", { organization: "o" }, RS256, claims({ org_id: "p" }), "org_id"],
    ["organization where none is", { organization: null }, RS256, claims({ org_id: "p" }), "org_id"],
    ["none where none is", { organization: null }, RS256, honest, "accepted"],
    ["client", { clients: "app" }, RS256, claims({ client_id: "app" }), "accepted"],
    ["another client", { clients: "app" }, RS256, claims({ client_id: "evil" }), "aud"],
    ["no client", { clients: ["app"] }, RS256, honest, "aud"],
    ["issuers and audiences left to the reader", { issuers: null, audiences: null }, RS256, claims({ iss: 1, aud: 1 }), "accepted"],
    ["a clock that says nothing", { now: () => Number.NaN }, RS256, honest, "exp"],
  ]) {
    const narrow = new Verifier(settings(issuer, changes));
    assert.equal(await outcome(narrow, await issuer.sign(header, payload)), check, what);
  }
});

test("key sets", () => {
  const rsa = (changes) => JSON.stringify({ keys: [{ ...issuer.jwk.RSA, kid: "r", ...changes }] });
  const weak = (bytes) => b64(new Uint8Array(bytes).fill(0x80));
  for (const [what, text, keys, leftOut] of [
    ["plain", rsa({}), 1, 0],
    ["for encryption", rsa({ use: "enc" }), 0, 1],
    ["for signing only", rsa({ key_ops: ["sign"] }), 0, 1],
    ["for verifying", rsa({ key_ops: ["verify"] }), 1, 0],
    ["another type's algorithm", rsa({ alg: "ES256" }), 0, 1],
    ["a shared secret's algorithm", rsa({ alg: "HS256" }), 0, 1],
    ["1024 bits", rsa({ n: weak(128) }), 0, 1],
    ["16,384 bits", rsa({ n: weak(2048) }), 0, 1],
    ["zeros before 1024 bits", rsa({ n: b64(Buffer.concat([Buffer.alloc(128), Buffer.alloc(128, 0x80)])) }), 0, 1],
    ["an exponent of 1", rsa({ e: "AQ" }), 0, 1],
    ["an even exponent", rsa({ e: "AQAA" }), 0, 1],
    ["no exponent", rsa({ e: undefined }), 0, 1],
    ["unknown type", '{"keys":[{"kty":"new"}]}', 0, 1],
    ["a point of the wrong length", '{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}', 0, 1],
    ["none", '{"keys":[]}', 0, 0],
  ]) {
    const set = KeySet.parse(text);
    assert.deepEqual([set.keys.length, set.leftOut.length], [keys, leftOut], `${what}: ${set.leftOut}`);
  }
  for (const [what, text] of [
    ["not JSON", "keys"],
    ["no keys", "{}"],
    ["keys is an object", '{"keys":{}}'],
    ["a key is text", '{"keys":["r"]}'],
    ["a shared secret", '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}'],
    ["a private key", rsa({ d: "AQAB" })],
    ["two keys of one name", JSON.stringify({ keys: [issuer.keys().keys[0], issuer.keys().keys[0]] })],
    ["a member twice", '{"keys":[],"keys":[]}'],
    ["101 keys", JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: "new" })) })],
    ["300 KB", JSON.stringify({ keys: [], x: "x".repeat(300 << 10) })],
  ]) {
    assert.throws(() => KeySet.parse(text), (error) => error instanceof TokenRefused && error.code === "E307", what);
  }
});

test("keys that are none verify nothing", async () => {
  const beside = { ...issuer.jwk["P-256"], kid: "e", x: b64(new Uint8Array(32).fill(1)) };
  const verifier = new Verifier(settings(issuer, { jwks: { keys: [beside] } }));
  assert.equal(await outcome(verifier, await issuer.sign({ alg: "ES256", kid: "e" }, claims())), "signature");
});

test("a single key needs no name", async () => {
  const only = { ...issuer.jwk.Ed25519 };
  const token = await issuer.sign({ alg: "EdDSA" }, claims());
  assert.equal(await outcome(new Verifier(settings(issuer, { jwks: { keys: [only] } })), token), "accepted");
  assert.equal(await outcome(new Verifier(settings(issuer, { jwks: { keys: [] } })), token), "kid");
});

test("no changed letter is accepted", async () => {
  for (const header of [RS256, { alg: "ES256", kid: "e" }, { alg: "EdDSA", kid: "o" }]) {
    const honest = await issuer.sign(header, claims());
    for (let at = 0; at < honest.length; at += 1) {
      for (const other of ["A", "_", ".", "x", "=", "\0", "", "é"]) {
        if (honest[at] === other) continue;
        const changed = honest.slice(0, at) + other + honest.slice(at + 1);
        assert.notEqual(await outcome(verifier, changed), "accepted", `${at}: ${changed}`);
      }
    }
  }
});

test("settings that would check nothing are refused", () => {
  const good = settings(issuer);
  for (const [what, changes] of [
    ["no issuers", { issuers: undefined }],
    ["no audiences", { audiences: undefined }],
    ["nobody's issuer", { issuers: [] }],
    ["an empty audience", { audiences: [""] }],
    ["audiences of numbers", { audiences: [1] }],
    ["a name that is written wrong", { audience: "api" }],
    ["an algorithm that is none", { algorithms: ["none"] }],
    ["a shared secret", { algorithms: ["HS256"] }],
    ["leeway is text", { leeway: "60" }],
    ["leeway is no number", { leeway: Number.NaN }],
    ["typ is a list", { typ: ["at+jwt"] }],
    ["no keys", { jwks: undefined }],
    ["keys twice", { jwksUri: "https://id.example/keys" }],
    ["a clock that is none", { now: 5 }],
  ]) {
    assert.throws(() => new Verifier({ ...good, ...changes }), SettingsError, what);
  }
  assert.throws(() => new Verifier(), SettingsError);
  assert.throws(() => new Verifier({ ...good, jwks: "{}" }), TokenRefused);
});

test("an unverified issuer only chooses", async () => {
  const other = new Verifier(settings(stranger, { issuers: ["https://other.example", "https://also.example"] }));
  const both = new Verifiers([verifier, other]);
  const token = await issuer.sign(RS256, claims());
  const foreign = await stranger.sign(RS256, claims({ iss: "https://also.example" }));
  assert.equal(unverifiedIssuer(foreign), "https://also.example");
  assert.equal(await outcome(both, token), "accepted");
  assert.equal(await outcome(both, foreign), "accepted");
  // The keys of one issuer do not vouch for another.
  assert.equal(await outcome(both, await stranger.sign(RS256, claims())), "signature");
  assert.equal(await outcome(both, await issuer.sign(RS256, claims({ iss: "https://evil.example" }))), "iss");
  assert.equal(await outcome(both, await issuer.sign(RS256, claims({ iss: undefined }))), "iss");
  assert.equal(await outcome(both, "a.b"), "form");
  assert.equal(await outcome(both, `${b64("{}")}.${b64("x")}.AAAA`), "claims");
  assert.throws(() => new Verifiers([verifier, verifier]), SettingsError);
  assert.throws(() => new Verifiers([new Verifier(settings(issuer, { issuers: null }))]), SettingsError);
});
