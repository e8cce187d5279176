// Decisions leave nothing behind: the module's memory stays as it is, and so does the heap of the script.
// node --expose-gc memory.mjs ENTRY FOLDER-WITH-VECTORS
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [entry, folder] = process.argv.slice(2);
const { load } = await import(pathToFileURL(entry).href);
const { initSync } = await import(pathToFileURL(join(dirname(entry), "wasm", "glue.js")).href);
const { memory } = initSync();
const artifacts = readFileSync(join(folder, "vectors.bin"));
const lines = readFileSync(join(folder, "vectors.jsonl"), "utf8").trimEnd().split("\n").slice(0, 200);
const asked = lines.map((line) => {
  const { artifact: [at, length], principal, action, resource } = JSON.parse(line);
  return { session: load(artifacts.subarray(at, at + length)).sessionFor(principal), action, resource };
});

let count = 0;
/** Resources and values that were never seen before, so that nothing can be remembered. */
function decide(times) {
  for (let i = 0; i < times; i++) {
    const { session, action, resource } = asked[i % asked.length];
    const text = resource === "*" ? resource : `${resource}/${count}`;
    session.decide(action, text, { "aws:SourceIp": `10.0.${count >> 8 & 255}.${count & 255}`, "my:n": count });
    count++;
  }
}

decide(1000);
globalThis.gc();
const [module, heap] = [memory.buffer.byteLength, process.memoryUsage().heapUsed];
decide(10_000);
globalThis.gc();
assert.equal(memory.buffer.byteLength, module, "the module's memory has grown");
const grown = process.memoryUsage().heapUsed - heap;
assert(grown <= 1 << 20, `the heap has grown by ${grown} bytes`);

// Sessions that are freed, and sessions that are forgotten, give their memory back.
const [{ principal, artifact: [at, length] }] = lines.map((line) => JSON.parse(line));
const engine = load(artifacts.subarray(at, at + length));
for (let i = 0; i < 20_000; i++) engine.sessionFor(principal).free();
const freed = memory.buffer.byteLength;
for (let i = 0; i < 20_000; i++) engine.sessionFor(principal).free();
assert.equal(memory.buffer.byteLength, freed, "freed sessions stay");
for (let round = 0; round < 20; round++) {
  for (let i = 0; i < 1000; i++) engine.sessionFor(principal);
  globalThis.gc();
  await new Promise((done) => setTimeout(done, 5));
}
const forgotten = memory.buffer.byteLength;
for (let round = 0; round < 20; round++) {
  for (let i = 0; i < 1000; i++) engine.sessionFor(principal);
  globalThis.gc();
  await new Promise((done) => setTimeout(done, 5));
}
assert(memory.buffer.byteLength <= forgotten + (1 << 20), "forgotten sessions stay");
console.log(`memory: ${module} bytes before and after 10,000 decisions; heap ${grown >= 0 ? "+" : ""}${grown} bytes`);
