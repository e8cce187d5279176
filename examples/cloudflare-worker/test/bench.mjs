// What a Worker costs that authorizes: from spawn to its first answer, beside a plain one; and each decision.

import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { bailiwick, configuration, example, remove, serve } from "./workerd.mjs";

const here = import.meta.dirname;
const SPAWNS = 30;
const DECISIONS = 200_000;
const ROUNDS = 15;

const artifact = example().find(([name]) => name === "app.bwk");
const deciding = [["bench-worker.js", join(here, "bench-worker.js"), "esModule"], artifact, ...bailiwick()];
const kinds = {
  plain: configuration([["plain-worker.js", join(here, "plain-worker.js"), "esModule"]]),
  "decides, without tokens": configuration(deciding),
  "the whole example": configuration(example(), { bindings: { ISSUER: "https://id.example", AUDIENCE: "albums", JWKS_URI: "https://id.example/keys" } }),
};

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

/** Milliseconds that a process has had a processor: what else the machine does weighs less on it than on the clock. */
function cpu(pid) {
  const tasks = `/proc/${pid}/task`;
  const had = readdirSync(tasks).map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]));
  return had.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** Milliseconds from spawn to the first answer, by the clock and by the processor. */
async function spawned(folder) {
  const began = performance.now();
  const { url, pid, stop } = await serve(folder);
  await (await fetch(`${url}/tenants/acme/albums/summer`)).text();
  const took = performance.now() - began;
  const worked = cpu(pid);
  await stop();
  return [took, worked];
}

console.log(`${SPAWNS} alternating spawns of workerd on ${cpus().length} x ${cpus()[0].model}; ms to the first answer:`);
const times = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
for (let round = 0; round < SPAWNS; round += 1) {
  for (const [name, folder] of Object.entries(kinds)) times[name].push(await spawned(folder));
}
const column = (name, which) => median(times[name].map((pair) => pair[which]));
for (const name of Object.keys(times)) {
  const cells = ["clock", "processor"].map((what, which) => {
    const middle = column(name, which);
    return `${what} ${middle.toFixed(1).padStart(6)} (${(middle - column("plain", which)).toFixed(1).padStart(5)} above plain)`;
  });
  console.log(`${name.padEnd(24)} ${cells.join("   ")}`);
}

// The runtime's clock stands still while a request is answered: it is measured from here.
const { url, pid, stop } = await serve(kinds["decides, without tokens"]);
const took = async (times) => {
  const began = [performance.now(), cpu(pid)];
  const allowed = Number(await (await fetch(`${url}/${times}`)).text());
  if (times > 1 && allowed !== times / 2) throw new Error(`${allowed} of ${times} are allowed`);
  return [performance.now() - began[0], cpu(pid) - began[1]];
};
await took(DECISIONS);
const each = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  const once = await took(1);
  const many = await took(DECISIONS);
  each.forEach((list, which) => list.push(((many[which] - once[which]) * 1e6) / DECISIONS));
}
await stop();
for (const [which, what] of ["clock", "processor"].entries()) {
  const list = each[which];
  console.log(`decide, strings in, by the ${what}: median ${median(list).toFixed(0)} ns, least ${list[0].toFixed(0)} ns (${ROUNDS} x ${DECISIONS})`);
}
Object.values(kinds).forEach(remove);
