// Sessions by token: bounded, closed once, and never longer than the token and its keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Sessions, SettingsError, TokenRefused, Verifier, Verifiers } from "../../js/token.js";
import { claims, Issuer, NOW, settings } from "./issuer.mjs";

const issuer = await Issuer.make();
const stranger = await Issuer.make();
const token = (subject, changes) => issuer.sign({ alg: "ES256", kid: "e" }, claims({ sub: subject, ...changes }));

/** Counts what is opened and closed. */
function world(capacity = 10, changes = {}) {
  const world = { now: NOW, opened: [], closed: [] };
  world.verifier = new Verifier(settings(issuer, { now: () => world.now, ...changes }));
  world.sessions = new Sessions({
    verifier: world.verifier,
    capacity,
    open: (bytes) => {
      const { sub } = JSON.parse(new TextDecoder().decode(bytes));
      world.opened.push(sub);
      return { sub, free: () => world.closed.push(sub) };
    },
  });
  world.ask = (token) => world.sessions.use(token, ({ sub }) => sub);
  return world;
}

test("a token is verified once while it holds", async () => {
  const it = world();
  const first = await token("u-1");
  for (let at = 0; at < 5; at += 1) assert.equal(await it.ask(first), "u-1");
  it.now = NOW + 299;
  assert.equal(await it.ask(first), "u-1");
  assert.deepEqual([it.opened, it.closed], [["u-1"], []]);
  it.now = NOW + 300;
  await assert.rejects(it.ask(first), (error) => error instanceof TokenRefused && error.check === "exp");
  assert.deepEqual([it.sessions.size, it.closed], [0, ["u-1"]]);
});

test("the bearer's verification comes with the session", async () => {
  const it = world();
  const seen = await it.sessions.use(await token("u-1"), (_, verified) => verified);
  assert.deepEqual(seen, { kid: "e", until: NOW + 300 });
});

test("refusals are not kept, and no changed token finds a session", async () => {
  const it = world();
  const first = await token("u-1");
  await it.ask(first);
  const forged = await stranger.sign({ alg: "ES256", kid: "e" }, claims({ sub: "u-1" }));
  const [head, body] = first.split(".");
  for (const bad of [forged, `${first} `, `${head}.${body}.`, `${head}.${body}.${forged.split(".")[2]}`, "", undefined]) {
    await assert.rejects(it.ask(bad), TokenRefused);
  }
  assert.equal(it.sessions.size, 1);
});

test("bounded: what was used longest ago goes first, and is closed", async () => {
  const it = world(2);
  const [a, b, c] = [await token("a"), await token("b"), await token("c")];
  for (const each of [a, b, a, c]) await it.ask(each);
  assert.deepEqual([it.sessions.size, it.closed], [2, ["b"]]);
  await it.ask(a);
  assert.deepEqual(it.opened, ["a", "b", "c"]);
  it.sessions.clear();
  assert.deepEqual([it.sessions.size, it.closed.sort()], [0, ["a", "b", "c"]]);
});

test("a session is not closed while it is in use", async () => {
  const it = world(1);
  const [a, b] = [await token("a"), await token("b")];
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  const long = it.sessions.use(a, async () => {
    await gate;
    return it.closed.includes("a");
  });
  await it.ask(b);
  assert.deepEqual(it.closed, []);
  go();
  assert.equal(await long, false);
  assert.deepEqual(it.closed, ["a"]);
  await assert.rejects(
    it.sessions.use(b, () => {
      throw new RangeError("the work's own");
    }),
    RangeError,
  );
  it.sessions.clear();
  assert.deepEqual(it.closed, ["a", "b"], "once each");
});

test("two first uses at once leave one session, and close the other", async () => {
  const it = world();
  const first = await token("u-1");
  await Promise.all([it.ask(first), it.ask(first), it.ask(first)]);
  assert.equal(it.sessions.size, 1);
  it.sessions.clear();
  assert.equal(it.closed.length, it.opened.length);
});

test("keys that are gone take their sessions with them", async () => {
  let keys = JSON.stringify(issuer.keys());
  let down = false;
  const it = world(10, {
    jwks: undefined,
    jwksUri: "https://id.example/keys",
    random: () => 0,
    fetch: async () => new Response(keys, { status: down ? 503 : 200 }),
  });
  const first = await token("u-1", { exp: NOW + 100_000 });
  await it.ask(first);
  it.now = NOW + 600;
  await it.ask(first);
  assert.deepEqual(it.opened, ["u-1"], "the same set again changes nothing");
  keys = JSON.stringify(stranger.keys());
  it.now = NOW + 1_200;
  await assert.rejects(it.ask(first), (error) => error instanceof TokenRefused && error.check === "signature");
  assert.deepEqual([it.sessions.size, it.closed], [0, ["u-1"]]);
  const other = await stranger.sign({ alg: "ES256", kid: "e" }, claims({ sub: "u-2", exp: NOW + 100_000 }));
  await it.ask(other);
  down = true;
  it.now = NOW + 1_200 + 600 + 3_599;
  assert.equal(await it.ask(other), "u-2");
  it.now += 1;
  await assert.rejects(it.ask(other), (error) => error instanceof TokenRefused && error.code === "E308");
});

test("several issuers", async () => {
  const now = () => NOW;
  const other = "https://other.example";
  const verifiers = new Verifiers([
    new Verifier(settings(issuer, { now })),
    new Verifier(settings(stranger, { now, issuers: other })),
  ]);
  const sessions = new Sessions({ verifier: verifiers, open: (bytes) => bytes.length });
  const foreign = await stranger.sign({ alg: "ES256", kid: "e" }, claims({ iss: other }));
  for (const each of [await token("u-1"), foreign, foreign]) assert.ok((await sessions.use(each, (size) => size)) > 0);
  assert.equal(sessions.size, 2);
  await assert.rejects(sessions.use(await token("u-1", { iss: "https://evil.example" }), () => 0), TokenRefused);
});

test("settings", () => {
  const verifier = new Verifier(settings(issuer));
  for (const bad of [{}, { verifier }, { verifier, open: 5 }, { verifier: {}, open: () => 0 }, { verifier, open: () => 0, capacity: 0 }]) {
    assert.throws(() => new Sessions(bad), SettingsError);
  }
});
