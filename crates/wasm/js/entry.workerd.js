// Workers compile nothing at run time: the bundler hands over the module compiled.
import module from "./wasm/bailiwick.wasm";
import { initSync } from "./wasm/glue.js";

initSync({ module });

export * from "./api.js";
