// Asks the module what the native engine was asked, and wants the same answer to the letter.
// node vectors.mjs ENTRY FOLDER
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [entry, folder] = process.argv.slice(2);
const { load, unknown, handles } = await import(pathToFileURL(entry).href);
const artifacts = readFileSync(join(folder, "vectors.bin"));
const lines = readFileSync(join(folder, "vectors.jsonl"), "utf8").trimEnd().split("\n");

/** Fewer mean that something was lost on the way. */
assert(lines.length >= 3000, `only ${lines.length} questions`);

function values(context) {
  const entries = Object.entries(context).map(([key, value]) => [key, value?.unknown === true ? unknown : value]);
  return Object.fromEntries(entries);
}

function plain(decision) {
  return JSON.parse(JSON.stringify(decision));
}

const engines = new Map();
let wrong = 0;
for (const line of lines) {
  const { id, artifact: [at, length], principal, action, resource, account, context, expected } = JSON.parse(line);
  let engine = engines.get(at);
  if (engine === undefined) engines.set(at, engine = load(artifacts.subarray(at, at + length)));
  const session = engine.sessionFor(principal);
  const asked = values(context);
  const decision = plain(session.decide(action, resource, asked, account ?? undefined));
  const [many] = session.decideMany([{ action, resource, context: asked, resourceAccount: account ?? undefined }]);
  const interned = [handles.action(action), handles.resource(resource, account ?? undefined), handles.context(asked)];
  const again = plain(session.decideHandles(...interned));
  ["action", "resource", "context"].forEach((kind, i) => handles.release(kind, interned[i]));
  session.free();
  try {
    assert.deepEqual(decision, expected);
    assert.deepEqual(plain(many), expected);
    assert.deepEqual(again, expected);
  } catch (error) {
    wrong++;
    if (wrong <= 20) console.error(`${id}: ${error.message}`);
  }
}
for (const engine of engines.values()) engine.free();
assert.equal(wrong, 0, `${wrong} of ${lines.length} answers differ from the native ones`);
console.log(`${lines.length} answers are the native ones`);
