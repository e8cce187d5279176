// Node, Deno, Bun: the module is read from the package's folder, before anybody asks.
import { readFileSync } from "node:fs";
import { initSync } from "./wasm/glue.js";

initSync({ module: new WebAssembly.Module(readFileSync(new URL("./wasm/bailiwick.wasm", import.meta.url))) });

export * from "./api.js";
