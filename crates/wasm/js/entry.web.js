// Browsers and bundlers: the module is a file beside this one, and importing waits for it.
import init from "./wasm/glue.js";

await init({ module_or_path: new URL("./wasm/bailiwick.wasm", import.meta.url) });

export * from "./api.js";
