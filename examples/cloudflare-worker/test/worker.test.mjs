// The example under the real runtime: tokens by a live issuer on loopback, an API behind the gate.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";

import { Issuer } from "../../../crates/wasm/test/token/issuer.mjs";
import { bundle, configuration, example, remove, serve, world } from "./workerd.mjs";

const issuer = await Issuer.make();
const successor = await Issuer.make();
const ISSUER = "https://id.example";

const outside = { keys: [{ ...issuer.jwk["P-256"], kid: "a" }], asked: [], down: false };
const server = await world(({ host, url, method }) => {
  outside.asked.push(`${method} ${host}${url}`);
  if (host !== "id.example") return { body: `the API's answer to ${method} ${url}` };
  return outside.down ? { status: 503, body: "" } : { body: JSON.stringify({ keys: outside.keys }) };
});
const bindings = { ISSUER, AUDIENCE: "albums", JWKS_URI: `${ISSUER}/.well-known/jwks.json` };
const folder = configuration(example(), { bindings, outside: server.port });
const gate = await serve(folder);
after(async () => {
  await gate.stop();
  await server.stop();
  remove(folder);
});

const now = Math.floor(Date.now() / 1000);

function token(changes = {}, { by = issuer, header = { alg: "ES256", kid: "a" } } = {}) {
  const claims = { iss: ISSUER, aud: "albums", sub: "u-1", tenant: "acme", groups: ["editors"], exp: now + 600, ...changes };
  return by.sign(header, JSON.stringify(claims));
}

/** Status and body of one request through the gate. */
async function ask(method, path, token, headers = {}) {
  if (token !== undefined) headers = { authorization: `Bearer ${token}`, ...headers };
  const response = await fetch(`${gate.url}${path}`, { method, headers });
  const text = await response.text();
  return [response.status, text.startsWith("{") ? JSON.parse(text) : text];
}

const SUMMER = "/tenants/acme/albums/summer";

test("what is allowed passes to the API", async () => {
  const mine = await token();
  assert.deepEqual(await ask("GET", SUMMER, mine), [200, `the API's answer to GET ${SUMMER}`]);
  assert.deepEqual(await ask("PUT", SUMMER, mine), [200, `the API's answer to PUT ${SUMMER}`]);
  const office = { "cf-connecting-ip": "203.0.113.7" };
  assert.deepEqual(await ask("DELETE", SUMMER, mine, office), [200, `the API's answer to DELETE ${SUMMER}`]);
});

test("what is denied stops here and says why", async () => {
  const denied = (action, album, verdict, layer, policy, sid) => {
    const resource = `arn:acme:albums:eu:111122223333:album/${album}`;
    return [403, JSON.parse(JSON.stringify({ error: "forbidden", action, resource, verdict, layer, policy, sid }))];
  };
  const mine = await token();
  const before = outside.asked.length;
  for (const [method, path, given, headers, expected] of [
    ["GET", "/tenants/umbrella/albums/summer", mine, {}, denied("albums:Get", "umbrella/summer", "implicit deny", "identity")],
    [
      "PUT",
      "/tenants/acme/albums/archive-2020",
      mine,
      {},
      denied("albums:Put", "acme/archive-2020", "explicit deny", "identity", "policies/members.json", "ArchiveStays"),
    ],
    ["DELETE", SUMMER, mine, {}, denied("albums:Delete", "acme/summer", "implicit deny", "identity")],
    [
      "DELETE",
      SUMMER,
      await token({ groups: ["readers"] }),
      { "cf-connecting-ip": "203.0.113.7" },
      denied("albums:Delete", "acme/summer", "implicit deny", "identity"),
    ],
    // A star in a claim is a star, not every tenant.
    ["GET", SUMMER, await token({ tenant: "*" }), {}, denied("albums:Get", "acme/summer", "implicit deny", "identity")],
    ["GET", SUMMER, await token({ tenant: undefined }), {}, denied("albums:Get", "acme/summer", "implicit deny", "identity")],
  ]) {
    const [status, body] = await ask(method, path, given, headers);
    assert.deepEqual([status, body], expected, `${method} ${path}`);
  }
  assert.equal(outside.asked.length, before, "nothing reached the API");
});

test("tokens that do not hold stop here, and say which check refused", async () => {
  const honest = await token();
  const [head, body, signature] = honest.split(".");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const before = outside.asked.length;
  for (const [what, given, check] of [
    ["expired", await token({ exp: now - 31 }), "exp"],
    ["another issuer", await token({ iss: "https://evil.example" }), "iss"],
    ["another audience", await token({ aud: "films" }), "aud"],
    ["another key", await token({}, { by: successor }), "signature"],
    ["another key type", await token({}, { header: { alg: "RS256", kid: "a" } }), "alg"],
    ["alg none", `${none}.${body}.${signature}`, "alg"],
    ["stripped", `${head}.${body}.`, "signature"],
    ["changed", `${head}.${body.slice(0, -1)}.${signature}`, undefined],
    ["sub twice", await doubled(), "claims"],
  ]) {
    const [status, answer] = await ask("GET", SUMMER, given);
    assert.equal(status, 401, what);
    if (check !== undefined) assert.equal(answer.check, check, what);
  }
  assert.deepEqual(await ask("GET", SUMMER), [401, { error: "a token is needed" }]);
  assert.equal((await ask("GET", SUMMER, undefined, { authorization: "Basic YTpi" }))[0], 401);
  // Claims that verify and that the artifact's mapping refuses: no subject.
  assert.equal((await ask("GET", SUMMER, await token({ sub: undefined })))[1].code, "E105");
  assert.equal(outside.asked.length, before);
});

/** Signed by the issuer itself, with two subjects. */
async function doubled() {
  const claims = JSON.stringify({ iss: ISSUER, aud: "albums", sub: "u-1", exp: now + 600 });
  return issuer.sign({ alg: "ES256", kid: "a" }, claims.replace("{", '{"sub":"admin",'));
}

test("all of the algorithms that keys are published for", async () => {
  outside.keys.push({ ...issuer.jwk.RSA, kid: "r" }, { ...issuer.jwk["P-384"], kid: "e384" }, { ...issuer.jwk.Ed25519, kid: "o" });
  const other = configuration(example(), { bindings, outside: server.port });
  const gate = await serve(other);
  for (const header of [
    { alg: "RS256", kid: "r" },
    { alg: "RS512", kid: "r" },
    { alg: "PS256", kid: "r" },
    { alg: "ES384", kid: "e384" },
    { alg: "EdDSA", kid: "o" },
  ]) {
    const authorization = `Bearer ${await token({}, { header })}`;
    const response = await fetch(`${gate.url}${SUMMER}`, { headers: { authorization } });
    assert.equal(response.status, 200, `${header.alg}: ${await response.text()}`);
  }
  await gate.stop();
  remove(other);
});

test("one question to the issuer for all of it", () => {
  const keys = outside.asked.filter((line) => line.includes("id.example"));
  assert.deepEqual(keys, Array(2).fill("GET id.example/.well-known/jwks.json"), "one for each instance");
});

test("what has no route is not there, and what the issuer cannot vouch for is not let in", async () => {
  const mine = await token();
  for (const [method, path] of [
    ["GET", "/"],
    ["POST", SUMMER],
    ["GET", `${SUMMER}/x`],
    ["GET", "/tenants/acme%2Falbums/albums/x"],
    ["GET", "/tenants/*/albums/summer"],
  ]) {
    assert.equal((await ask(method, path, mine))[0], 404, `${method} ${path}`);
  }
  outside.down = true;
  const other = configuration(example(), { bindings, outside: server.port });
  const gate = await serve(other);
  const response = await fetch(`${gate.url}${SUMMER}`, { headers: { authorization: `Bearer ${mine}` } });
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "E308");
  await gate.stop();
  remove(other);
  outside.down = false;
});

test("a bundle needs nothing but itself", async () => {
  const here = import.meta.dirname;
  const made = configuration(bundle(join(here, "bundle-worker.js"), join(here, "../../../target/wasm/bundle")));
  const worker = await serve(made);
  const asked = async (tenant) => (await fetch(`${worker.url}/${tenant}`)).json();
  const { allowed, sid, verifies, throws } = await asked("acme");
  assert.deepEqual({ allowed, sid, verifies, throws }, { allowed: true, sid: "OwnTenant", verifies: "function", throws: "function" });
  assert.equal((await asked("umbrella")).verdict, "implicit deny");
  await worker.stop();
  remove(made);
});
