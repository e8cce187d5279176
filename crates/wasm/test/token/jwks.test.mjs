// Published keys: rotation, outages, floods, hostile answers. The issuer and the clock are made here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SettingsError, TokenRefused, Verifier } from "../../js/token.js";
import { claims, Issuer, NOW, settings } from "./issuer.mjs";

const URI = "https://id.example/keys";
const first = await Issuer.make();
const second = await Issuer.make();

const set = (...keys) => JSON.stringify({ keys });
const named = (issuer, kid) => ({ ...issuer.jwk["P-256"], kid });
const signed = (issuer, kid, changes) => issuer.sign({ alg: "ES256", kid }, claims({ exp: NOW + 1e6, ...changes }));
const OLD = set(named(first, "a"));
const NEW = set(named(first, "a"), named(second, "b"));

/** An issuer's address: answers by `answer`, counts, and has a clock. */
function world(cache = {}, changes = {}) {
  const world = { now: NOW, asked: [], answer: () => new Response(OLD) };
  world.verifier = new Verifier({
    ...settings(first, { jwks: undefined }),
    jwksUri: URI,
    now: () => world.now,
    random: () => world.random ?? 0,
    fetch: async (url, init) => {
      world.asked.push({ url, init });
      return world.answer(init);
    },
    cache,
    ...changes,
  });
  world.outcome = async (token) => {
    try {
      await world.verifier.verify(token);
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof TokenRefused, String(error));
      return `${error.check} ${error.code}`;
    }
  };
  return world;
}

test("one question serves many tokens, asked as it must be", async () => {
  const it = world();
  const tokens = await Promise.all(Array.from({ length: 8 }, (_, at) => signed(first, "a", { sub: `u-${at}` })));
  assert.deepEqual(await Promise.all(tokens.map(it.outcome)), Array(8).fill("accepted"));
  assert.equal(it.asked.length, 1);
  const { url, init } = it.asked[0];
  assert.equal(url, URI);
  assert.equal(init.redirect, "manual");
  assert.equal(init.method, "GET");
  assert.ok(init.signal instanceof AbortSignal);
});

test("a set lives as long as its issuer says, within bounds", async () => {
  const token = await signed(first, "a");
  for (const [what, headers, lifetime] of [
    ["nothing said", {}, 600],
    ["said", { "cache-control": "public, max-age=900" }, 900],
    ["quoted", { "cache-control": 'max-age="900"' }, 900],
    ["said by another word", { "cache-control": "s-maxage=900" }, 600],
    ["partly used up on the way", { "cache-control": "max-age=900", age: "300" }, 600],
    ["an age that is none", { "cache-control": "max-age=900", age: "x" }, 900],
    ["a negative age", { "cache-control": "max-age=900", age: "-900" }, 900],
    ["used up", { "cache-control": "max-age=900", age: "3000" }, 60],
    ["too short", { "cache-control": "max-age=0" }, 60],
    ["not at all", { "cache-control": "no-store, max-age=9000" }, 60],
    ["too long", { "cache-control": "max-age=99999999" }, 86_400],
  ]) {
    const it = world();
    it.answer = () => new Response(OLD, { headers });
    await it.outcome(token);
    it.now = NOW + lifetime - 1;
    await it.outcome(token);
    assert.equal(it.asked.length, 1, `${what}: asked too early`);
    it.now = NOW + lifetime;
    await it.outcome(token);
    assert.equal(it.asked.length, 2, `${what}: asked too late`);
  }
});

test("instances do not all ask at once", async () => {
  const it = world();
  it.random = 0.999;
  const token = await signed(first, "a");
  await it.outcome(token);
  it.now = NOW + 539;
  await it.outcome(token);
  assert.equal(it.asked.length, 1);
  it.now = NOW + 541;
  await it.outcome(token);
  assert.equal(it.asked.length, 2, "up to a tenth of the lifetime earlier");
});

test("a new key is found, and a removed one is dropped", async () => {
  const it = world();
  const [old, fresh] = [await signed(first, "a"), await signed(second, "b")];
  assert.equal(await it.outcome(old), "accepted");
  it.answer = () => new Response(NEW);
  it.now = NOW + 31;
  assert.equal(await it.outcome(fresh), "accepted", "fetched for the sake of its kid");
  assert.equal(it.asked.length, 2);
  it.answer = () => new Response(set(named(second, "b")));
  it.now = NOW + 31 + 600;
  assert.equal(await it.outcome(old), "kid E303");
  assert.equal(await it.outcome(fresh), "accepted");
  assert.equal(it.asked.length, 3);
});

test("a flood of unknown kids asks once in a cool-down", async () => {
  const it = world();
  await it.outcome(await signed(first, "a"));
  const flood = async () => {
    for (let at = 0; at < 20; at += 1) {
      assert.equal(await it.outcome(await signed(second, `../${it.now}/${at}?x=https://evil.example`)), "kid E303");
    }
  };
  it.now = NOW + 29;
  await flood();
  assert.equal(it.asked.length, 1, "the set has just been fetched");
  it.now = NOW + 30;
  await flood();
  assert.equal(it.asked.length, 2);
  it.now = NOW + 59;
  await flood();
  assert.equal(it.asked.length, 2);
  it.now = NOW + 60;
  await flood();
  assert.equal(it.asked.length, 3);
  assert.deepEqual([...new Set(it.asked.map(({ url }) => url))], [URI], "and never anybody else");
});

test("what a token says of addresses is not even read", async () => {
  const it = world();
  const evil = "https://evil.example/keys";
  const header = { alg: "ES256", kid: "a", jku: evil, x5u: evil, jwk: second.jwk["P-256"] };
  assert.equal(await it.outcome(await second.sign(header, claims({ iss: "https://id.example", jwks_uri: evil }))), "signature E304");
  assert.deepEqual(it.asked.map(({ url }) => url), [URI]);
});

test("nobody is asked for a token that is refused anyway", async () => {
  const it = world({}, { algorithms: ["ES256"] });
  for (const token of ["", "a.b.c", await first.sign({ alg: "RS256", kid: "a" }, claims())]) await it.outcome(token);
  assert.equal(it.asked.length, 0);
});

test("an outage: the last set serves for the grace, then nothing is accepted", async () => {
  const it = world();
  const [token, unknown] = [await signed(first, "a"), await signed(second, "b")];
  assert.equal(await it.outcome(token), "accepted");
  it.answer = () => {
    throw new TypeError("connection refused");
  };
  it.now = NOW + 600;
  assert.equal(await it.outcome(token), "accepted", "stale");
  assert.equal(await it.outcome(unknown), "kid E303");
  assert.equal(it.asked.length, 2, "asked, and not again at once");
  it.now = NOW + 602;
  await it.outcome(token);
  assert.equal(it.asked.length, 3, "asked again after a while");
  it.now = NOW + 605;
  await it.outcome(token);
  assert.equal(it.asked.length, 3, "which grows");
  it.now = NOW + 606;
  await it.outcome(token);
  assert.equal(it.asked.length, 4);
  it.now = NOW + 600 + 3_599;
  assert.equal(await it.outcome(token), "accepted");
  it.now = NOW + 600 + 3_600;
  assert.equal(await it.outcome(token), "keys E308");
  it.answer = () => new Response(OLD);
  it.now += 60;
  assert.equal(await it.outcome(token), "accepted", "and back");
});

test("an issuer that was never there is not asked with every token", async () => {
  const it = world();
  it.answer = () => new Response("", { status: 503 });
  const token = await signed(first, "a");
  for (let at = 0; at < 10; at += 1) assert.equal(await it.outcome(token), "keys E308");
  assert.equal(it.asked.length, 1);
});

test("answers that are no key sets are not taken, and the last one is kept", async () => {
  const big = JSON.stringify({ keys: [], x: "x".repeat(300 << 10) });
  const redirected = new Response(NEW);
  Object.defineProperty(redirected, "redirected", { value: true });
  const endless = () => new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(16 << 10).fill(0x20)) });
  const [token, fresh] = [await signed(first, "a"), await signed(second, "b")];
  for (const [what, answer, code] of [
    ["a redirect", () => Response.redirect("https://evil.example/keys", 302), "E308"],
    ["an opaque redirect", () => Response.error(), "E308"],
    ["a redirect that was followed", () => redirected, "E308"],
    ["not found", () => new Response(NEW, { status: 404 }), "E308"],
    ["created", () => new Response(NEW, { status: 201 }), "E308"],
    ["a page", () => new Response("<html>"), "E307"],
    ["nothing", () => new Response(null), "E307"],
    ["not UTF-8", () => new Response(new Uint8Array([0xff])), "E308"],
    ["300 KB", () => new Response(big), "E307"],
    ["no end", () => new Response(endless()), "E307"],
    ["a secret", () => new Response(set({ kty: "oct", k: "AA" }, named(second, "b"))), "E307"],
    ["keys twice", () => new Response(`{"keys":[],${NEW.slice(1)}`), "E307"],
    ["no answer", () => undefined, "E308"],
  ]) {
    const it = world();
    it.answer = answer;
    assert.equal(await it.outcome(fresh), `keys ${code}`, what);
    const later = world();
    assert.equal(await later.outcome(token), "accepted");
    later.answer = answer;
    later.now = NOW + 600;
    assert.equal(await later.outcome(fresh), "kid E303", what);
    assert.equal(await later.outcome(token), "accepted", what);
  }
});

test("an answer that does not come is not waited for", async () => {
  const it = world({ timeout: 0.05 });
  let stopped = false;
  it.answer = (init) => {
    init.signal.addEventListener("abort", () => (stopped = true));
    return new Promise(() => {});
  };
  const token = await signed(first, "a");
  assert.deepEqual(await Promise.all([it.outcome(token), it.outcome(token)]), ["keys E308", "keys E308"]);
  assert.ok(stopped);
  const slow = world({ timeout: 0.05 });
  slow.answer = () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([0x20])) }));
  assert.equal(await slow.outcome(token), "keys E308", "nor a body that does not end");
  slow.answer = () => new Response(OLD);
  slow.now += 60;
  assert.equal(await slow.outcome(token), "accepted");
});

test("an empty set is a set: all keys are gone", async () => {
  const it = world();
  const token = await signed(first, "a");
  await it.outcome(token);
  it.answer = () => new Response(set());
  it.now = NOW + 600;
  assert.equal(await it.outcome(token), "kid E303");
});

test("only https, and only settings within bounds", () => {
  const good = { ...settings(first, { jwks: undefined }), jwksUri: URI };
  new Verifier(good);
  for (const [what, changes] of [
    ["http", { jwksUri: "http://id.example/keys" }],
    ["file", { jwksUri: "file:///etc/keys" }],
    ["data", { jwksUri: "data:application/json,{}" }],
    ["relative", { jwksUri: "/keys" }],
    ["a password", { jwksUri: "https://a:b@id.example/keys" }],
    ["a fragment", { jwksUri: "https://id.example/keys#x" }],
    ["a number", { jwksUri: 5 }],
    ["a name that is written wrong", { cache: { coolDown: 30 } }],
    ["no cool-down", { cache: { cooldown: 0 } }],
    ["no end of grace", { cache: { grace: Number.POSITIVE_INFINITY } }],
    ["a size that is no number", { cache: { maxBytes: Number.NaN } }],
    ["bounds the wrong way round", { cache: { minLifetime: 100, maxLifetime: 50 } }],
  ]) {
    assert.throws(() => new Verifier({ ...good, ...changes }), SettingsError, what);
  }
});
