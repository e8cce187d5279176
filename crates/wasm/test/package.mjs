// The package as somebody has it who installed it: run in an empty project with nothing but the package.
// node package.mjs NAME FOLDER-WITH-VECTORS
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [name, folder] = process.argv.slice(2);
const { BailiwickError, load, handles } = await import(name);
const artifacts = readFileSync(join(folder, "vectors.bin"));
const lines = readFileSync(join(folder, "vectors.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const asked = lines.find((line) => line.expected.allowed && line.expected.policy && Object.keys(line.context).length === 0);
const [at, length] = asked.artifact;
const artifact = artifacts.subarray(at, at + length);

function refuses(code, body) {
  assert.throws(body, (error) => {
    assert(error instanceof BailiwickError, String(error));
    assert.equal(error.code, code, error.message);
    assert(error.summary.length > 0 && error.message.startsWith(error.summary));
    return true;
  });
}

const engine = load(artifact);
const session = engine.sessionFor(asked.principal);
const ask = () => session.decide(asked.action, asked.resource, undefined, asked.account ?? undefined);
assert(ask().allowed);
assert.equal(ask(), ask(), "the same answer is the same object");
assert(Object.isFrozen(ask()));

// What is refused, with which code.
refuses("E200", () => load(new Uint8Array(64)));
refuses("E202", () => load(artifact.map((byte, i) => (i === 100 ? byte ^ 1 : byte))));
refuses("E160", () => engine.session('{"iss": "https://nobody.example", "sub": "u-1"}'));
refuses("E101", () => engine.session('{"iss": "a", "sub": "b", "sub": "c"}'));
refuses("E100", () => engine.session(new TextEncoder().encode("[]")));
refuses("E251", () => engine.session(new Uint8Array([34, 255, 34])));
refuses("E257", () => engine.sessionFor("arn:aws:iam::111122223333:role/editor"));
refuses("E257", () => engine.sessionFor({ arn: "arn:aws:iam::111122223333:user/a", goups: [] }));
refuses("E257", () => engine.sessionFor({ anonymous: true, service: "lambda.amazonaws.com" }));
refuses("E256", () => session.decide("GetObject", "*"));
refuses("E256", () => session.decide("s3:GetObject", "bucket/key"));
refuses("E256", () => session.decide(undefined, "*"));
refuses("E256", () => session.decide("s3:GetObject", null));
refuses("E258", () => session.decide("s3:GetObject", "*", { "aws:SourceIp": { a: 1 } }));
refuses("E258", () => session.decide("s3:GetObject", "*", { "aws:SourceIp": null }));
refuses("E258", () => session.decide("s3:GetObject", "*", { "s3:max-keys": NaN }));
refuses("E251", () => session.decide("s3:GetObject", "arn:aws:s3:::b/\ud800"));
assert.equal(session.decide("s3:GetObject", "*", { "aws:PrincipalTag/team": "x" }).error, "principal key");

// Long contexts, long texts, many actions: whatever does not fit in what was there before.
const long = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`my:key-${i}`, [`é${i}`, i, true]]));
session.decide("s3:GetObject", `arn:aws:s3:::b/${"k".repeat(70_000)}`, long);
for (let i = 0; i < 5000; i++) session.decide(`s3:Action${i}`, "arn:aws:s3:::b/k");
assert(ask().allowed);

// What is freed is gone, and nothing else is.
const other = engine.sessionFor(asked.principal);
const handle = handles.action("s3:GetObject");
handles.release("action", handle);
refuses("E264", () => other.decideHandles(handle, handles.resource("*")));
other.free();
refuses("E264", () => other.decide("s3:GetObject", "*"));
other.free();
engine.free();
refuses("E264", () => engine.sessionFor(asked.principal));
assert(ask().allowed, "a session outlives its engine");

// By hand, and the module's own address.
const manual = await import(`${name}/manual`);
manual.initSync({ module: new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(`${name}/bailiwick.wasm`))) });
assert(manual.load(artifact).sessionFor(asked.principal).decide(asked.action, asked.resource, {}, asked.account ?? undefined).allowed);
console.log(`${name}: installed, imported, asked`);
