// Measures the package beside its peers, in one run, on the same policies and requests; and sees that all of them agree.
// node bench.mjs PACKAGE WORKLOADS [--check]
//
// `--check` fails where a bar of docs/wasm.md is missed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { MODEL, casbinFunctions, casbinRequests, casbinRows, cedarCalls, cedarPolicies } from "./translate.mjs";

const [pack, folder, check] = process.argv.slice(2);
const SIZES = [10, 1000];
const now = () => Number(process.hrtime.bigint());

/**
 * Nanoseconds of one call. The questions are asked in runs of `run`, all of them `rounds` times: the median over the
 * rounds, and the quiet figure, in which each run counts as it was at its quickest. Whatever else the machine does can
 * only add, so the quiet one is what bars are held against.
 */
function measure(questions, ask, rounds, run) {
  const quiet = new Array(Math.ceil(questions / run)).fill(Infinity);
  const times = [];
  for (let round = 0; round < rounds + 2; round++) {
    let sum = 0;
    for (let start = 0; start < questions; start += run) {
      const end = Math.min(start + run, questions);
      const begun = now();
      for (let i = start; i < end; i++) ask(i);
      const took = now() - begun;
      sum += took;
      // The first rounds only warm up.
      if (round > 1) quiet[start / run] = Math.min(quiet[start / run], took);
    }
    if (round > 1) times.push(sum / questions);
  }
  return { median: median(times), quiet: quiet.reduce((all, one) => all + one, 0) / questions };
}

function median(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** Milliseconds of something that is done once, of twenty-one times. */
function once(body) {
  const times = [];
  for (let i = 0; i < 21; i++) {
    const begun = now();
    body();
    times.push((now() - begun) / 1e6);
  }
  return { median: median(times), quiet: Math.min(...times) };
}

const rows = [];
const figures = {};

function row(name, size, figure, unit) {
  rows.push([name, size, figure, unit]);
  figures[`${name} ${size}`] = figure.quiet;
}

const module = readFileSync(join(pack, "wasm", "bailiwick.wasm"));
const glue = readFileSync(join(pack, "wasm", "glue.js"), "utf8");
row("bailiwick: compile and instantiate", "", once(() => {
  // What the entry does, with an instance of its own.
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(new WebAssembly.Module(module))) {
    (imports[from] ??= {})[name] = () => {};
  }
  new WebAssembly.Instance(new WebAssembly.Module(module), imports);
}), "ms");
assert(glue.includes("initSync"));

const { load, handles } = await import(pathToFileURL(join(pack, "entry.node.js")).href);

for (const size of SIZES) {
  const workload = JSON.parse(readFileSync(join(folder, `workload-${size}.json`), "utf8"));
  const artifact = readFileSync(join(folder, `workload-${size}.bwk`));
  const { cases, people, account } = workload;
  const count = cases.length;

  row("bailiwick: load", size, once(() => load(artifact).free()), "ms");
  const engine = load(artifact);
  const sessions = people.map(({ principal }) => engine.sessionFor(principal));
  const principal = people[0].principal;
  row("bailiwick: session", size, measure(2000, () => engine.sessionFor(principal).free(), 10, 20), "ns");
  const asked = cases.map((one) => {
    const context = { "aws:SourceIp": one.address, "aws:CurrentTime": one.timeText };
    for (const [tag, value] of Object.entries(one.tags)) context[`aws:ResourceTag/${tag}`] = value;
    return { session: sessions[one.person], action: one.action, resource: one.resource, context };
  });
  asked.forEach(({ session, action, resource, context }, i) => {
    assert.equal(session.decide(action, resource, context, account).allowed, cases[i].allowed, `case ${i}`);
  });
  row("bailiwick: decide, texts", size, measure(count, (i) => {
    const { session, action, resource, context } = asked[i];
    session.decide(action, resource, context, account);
  }, 60, 100), "ns");
  row("bailiwick: decide, texts, no context", size, measure(count, (i) => {
    const { session, action, resource } = asked[i];
    session.decide(action, resource);
  }, 60, 100), "ns");
  const interned = asked.map(({ session, action, resource, context }) => ({
    session, action: handles.action(action), resource: handles.resource(resource, account), context: handles.context(context),
  }));
  row("bailiwick: decide, handles", size, measure(count, (i) => {
    const { session, action, resource, context } = interned[i];
    session.decideHandles(action, resource, context);
  }, 60, 100), "ns");
  row("bailiwick: decide, handles, no context", size, measure(count, (i) => {
    const { session, action, resource } = interned[i];
    session.decideHandles(action, resource);
  }, 60, 100), "ns");

  const cedar = await import("@cedar-policy/cedar-wasm/nodejs");
  const policies = { staticPolicies: cedarPolicies(workload) };
  let read;
  row("cedar-wasm: preparse", size, once(() => (read = cedar.preparsePolicySet("all", policies))), "ms");
  assert.equal(read.type, "success", JSON.stringify(read));
  const calls = cedarCalls(workload).map((call) => ({ ...call, preparsedPolicySetId: "all" }));
  const some = size > 100 ? 50 : 200;
  for (let i = 0; i < some; i++) {
    const answer = cedar.statefulIsAuthorized(calls[i]);
    assert.equal(answer.type, "success", JSON.stringify(answer));
    assert.equal(answer.response.decision === "allow", cases[i].allowed, `cedar, case ${i}`);
  }
  row("cedar-wasm: decide, stateful", size, measure(some, (i) => cedar.statefulIsAuthorized(calls[i]), 10, 1), "ns");

  const casbin = await import("casbin");
  const { newEnforcer, newModelFromString } = casbin.default ?? casbin;
  const begun = now();
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  for (const [name, body] of Object.entries(casbinFunctions)) await enforcer.addFunction(name, body);
  await enforcer.addPolicies(casbinRows(workload));
  const loaded = (now() - begun) / 1e6;
  row("casbin: load, once", size, { median: loaded, quiet: loaded }, "ms");
  const requests = casbinRequests(workload);
  for (let i = 0; i < some; i++) {
    assert.equal(enforcer.enforceSync(...requests[i]), cases[i].allowed, `casbin, case ${i}`);
  }
  row("casbin: decide", size, measure(some, (i) => enforcer.enforceSync(...requests[i]), 6, 1), "ns");
}

console.log(`node ${process.version}, ${process.arch}\n`);
console.log("| | statements | quiet | median |\n|---|---|---:|---:|");
for (const [name, size, { quiet, median }, unit] of rows) {
  const shown = (figure) => `${figure.toFixed(unit === "ms" ? 2 : 0)} ${unit}`;
  console.log(`| ${name} | ${size} | ${shown(quiet)} | ${shown(median)} |`);
}
const bars = [
  ["compile and instantiate, ms", figures["bailiwick: compile and instantiate "], 3],
  ["load 1,000 statements, ms", figures["bailiwick: load 1000"], 5],
];
for (const size of SIZES) {
  bars.push([`decide, texts, ${size}, ns`, figures[`bailiwick: decide, texts ${size}`], 800]);
  bars.push([`decide, handles, ${size}, ns`, figures[`bailiwick: decide, handles ${size}`], 150]);
  const ratio = figures[`cedar-wasm: decide, stateful ${size}`] / figures[`bailiwick: decide, texts ${size}`];
  bars.push([`times cedar-wasm, ${size}`, ratio, size === 10 ? -40 : -1000]);
}
console.log("\n| bar | is | wanted | |\n|---|---|---|---|");
let missed = 0;
for (const [name, is, limit] of bars) {
  const met = limit < 0 ? is >= -limit : is <= limit;
  if (!met) missed++;
  console.log(`| ${name} | ${is.toFixed(is < 10 ? 2 : 0)} | ${limit < 0 ? "at least" : "at most"} ${Math.abs(limit)} | ${met ? "met" : "missed"} |`);
}
if (check === "--check" && missed > 0) process.exitCode = 1;
