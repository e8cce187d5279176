// What verification costs in node, and what a token costs that comes again.

import { Sessions, Verifier } from "../../js/token.js";
import { claims, Issuer, settings } from "./issuer.mjs";

const issuer = await Issuer.make();
const verifier = new Verifier(settings(issuer));

async function microseconds(times, work) {
  for (let at = 0; at < times; at += 1) await work();
  const rounds = [];
  for (let round = 0; round < 9; round += 1) {
    const began = process.cpuUsage();
    const clock = performance.now();
    for (let at = 0; at < times; at += 1) await work();
    const { user, system } = process.cpuUsage(began);
    rounds.push([((performance.now() - clock) * 1e3) / times, (user + system) / times]);
  }
  return [0, 1].map((which) => rounds.map((round) => round[which]).sort((a, b) => a - b)[4].toFixed(1));
}

console.log("us a token, median of 9 rounds      clock   processor");
for (const header of [{ alg: "ES256", kid: "e" }, { alg: "RS256", kid: "r" }, { alg: "EdDSA", kid: "o" }]) {
  const token = await issuer.sign(header, claims());
  const [clock, cpu] = await microseconds(1_000, () => verifier.verify(token));
  console.log(`verify ${header.alg}`.padEnd(30), clock.padStart(10), cpu.padStart(11));
}
const token = await issuer.sign({ alg: "ES256", kid: "e" }, claims());
const sessions = new Sessions({ verifier, open: (bytes) => bytes.length });
const [clock, cpu] = await microseconds(50_000, () => sessions.use(token, (size) => size));
console.log("a session that is remembered".padEnd(30), clock.padStart(10), cpu.padStart(11));
