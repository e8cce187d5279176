// The native verifier and this one say the same of the same tokens: check, code, key and time. The native tests write
// down what they saw where `BAILIWICK_TOKEN_VECTORS` says; `cargo xtask edge` runs both.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { TokenRefused, Verifier } from "../../js/token.js";
import { KeySet } from "../../js/token-keys.js";

const folder = process.env.BAILIWICK_TOKEN_VECTORS;

function* rows() {
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(`${folder}/${file}`, "utf8").split("\n")) {
      if (line !== "") yield JSON.parse(line);
    }
  }
}

function verifier(row) {
  const { keys, issuers, audiences, clients, parties, algorithms, typ, tokenUse, organization, leeway, now } = row;
  return new Verifier({
    jwks: keys,
    issuers,
    audiences,
    clients: clients ?? undefined,
    parties: parties ?? undefined,
    algorithms,
    typ: typ ?? undefined,
    tokenUse: tokenUse ?? undefined,
    organization: organization === "any" ? undefined : (organization?.is ?? null),
    leeway,
    now: () => now,
  });
}

function refused(error) {
  assert.ok(error instanceof TokenRefused, String(error));
  return { check: error.check, code: error.code };
}

async function outcome(verifier, token) {
  try {
    const { kid, until } = await verifier.verify(token);
    return { kid: kid ?? null, until };
  } catch (error) {
    return refused(error);
  }
}

function keySet(text) {
  try {
    const set = KeySet.parse(text);
    return { keys: set.keys.length, leftOut: set.leftOut.length };
  } catch (error) {
    return refused(error);
  }
}

test("the same outcome for every token and key set of the native tests", { skip: folder ? false : "run `cargo xtask edge`" }, async () => {
  const verifiers = new Map();
  const count = { tokens: 0, accepted: 0, sets: 0 };
  for (const row of rows()) {
    if (row.set !== undefined) {
      assert.deepEqual(keySet(row.set), row.outcome, row.set);
      count.sets += 1;
      continue;
    }
    const { token, outcome: expected, ...rest } = row;
    const name = JSON.stringify(rest);
    if (!verifiers.has(name)) verifiers.set(name, verifier(row));
    if (expected.until > Number.MAX_SAFE_INTEGER) expected.until = Number.MAX_SAFE_INTEGER;
    assert.deepEqual(await outcome(verifiers.get(name), token), expected, token);
    count.tokens += 1;
    count.accepted += expected.check === undefined ? 1 : 0;
  }
  console.log(`${count.tokens} tokens, ${count.accepted} of them accepted, and ${count.sets} key sets`);
  assert.ok(count.tokens > 5_000 && count.accepted > 150 && count.sets > 20, JSON.stringify(count));
});
