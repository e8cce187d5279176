// Serves modules under workerd, as they are: no bundler, on loopback only.

import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const PACKAGE = process.env.BAILIWICK_NPM ?? join(here, "../../../target/npm/evaluator");

/** The runtime's program. */
export function workerd() {
  const found = ["64", "arm64"]
    .map((kind) => join(here, "node_modules", "@cloudflare", `workerd-linux-${kind}`, "bin", "workerd"))
    .find(existsSync);
  const program = process.env.WORKERD ?? found;
  if (program === undefined) throw new Error("workerd is not installed: run `npm ci` in this folder, or set WORKERD");
  return program;
}

/** The example's modules, and those of the package that they import. */
export function example() {
  const source = join(here, "..", "src");
  return [
    ["worker.js", join(source, "worker.js"), "esModule"],
    ["routes.js", join(source, "routes.js"), "esModule"],
    ["app.bwk", join(source, "app.bwk"), "data"],
    ...bailiwick(),
  ];
}

/** A Worker and the folder that `build --wasm` has made beside it. */
export function bundle(worker, folder) {
  const kind = (file) => (file.endsWith(".wasm") ? "wasm" : file.endsWith(".bwk") ? "data" : "esModule");
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.(js|wasm|bwk)$/.test(file));
  const listed = files.map((file) => [`bundle/${file.replaceAll("\\", "/")}`, join(folder, file), kind(file)]);
  return [["worker.js", worker, "esModule"], ...listed];
}

/** The modules of the package, under the names by which they are imported. */
export function bailiwick() {
  const scripts = readdirSync(PACKAGE).filter((file) => file.startsWith("token-") && file.endsWith(".js"));
  return [
    ["bailiwick", join(PACKAGE, "entry.workerd.js"), "esModule"],
    ["api.js", join(PACKAGE, "api.js"), "esModule"],
    ["base.js", join(PACKAGE, "base.js"), "esModule"],
    ["codes.js", join(PACKAGE, "codes.js"), "esModule"],
    ["wasm/glue.js", join(PACKAGE, "wasm", "glue.js"), "esModule"],
    ["wasm/bailiwick.wasm", join(PACKAGE, "wasm", "bailiwick.wasm"), "wasm"],
    ["bailiwick/token", join(PACKAGE, "token.js"), "esModule"],
    ...scripts.map((file) => [`bailiwick/${file}`, join(PACKAGE, file), "esModule"]),
  ];
}

/**
 * A folder with a configuration for these modules, the first of which is the Worker.
 * @param {string[][]} modules name, file, kind
 * @param {{bindings?: Record<string, string>, outside?: number}} [more] the port that all its fetches go to
 */
export function configuration(modules, { bindings = {}, outside = 9 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bailiwick-workerd-"));
  const listed = modules.map(([name, file, kind], at) => {
    copyFileSync(file, join(folder, `module-${at}`));
    return `(name = ${JSON.stringify(name)}, ${kind} = embed "module-${at}")`;
  });
  const bound = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${listed.join(",\n        ")}],
      bindings = [${bound.join(", ")}],
      compatibilityDate = "2026-11-01",
      globalOutbound = "outside",
    )),
    (name = "outside", external = (address = "127.0.0.1:${outside}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  return folder;
}

/**
 * Serves a folder. The promise is kept as soon as the socket listens.
 * @param {string} folder
 */
export async function serve(folder) {
  const stdio = ["ignore", "inherit", "inherit", "pipe"];
  const child = spawn(workerd(), ["serve", "config.capnp", "--control-fd=3"], { cwd: folder, stdio });
  const port = await new Promise((resolve, reject) => {
    let told = "";
    child.stdio[3].on("data", (data) => {
      told += data;
      const listens = told.split("\n").find((line) => line.includes('"listen"'));
      if (listens !== undefined) resolve(JSON.parse(listens).port);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill();
    });
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop };
}

/** Removes a folder that `configuration` made. */
export function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The world outside: an issuer and an API behind the Worker.
 * @param {(request: {host: string, url: string, method: string}) => {status?: number, headers?: object, body: string}} answer
 */
export async function world(answer) {
  const server = createServer((request, response) => {
    const { url, method, headers } = request;
    const { status = 200, headers: more = {}, body } = answer({ host: headers.host, url, method });
    response.writeHead(status, more).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}
