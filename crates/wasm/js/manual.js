// For those who fetch or compile the module themselves: call one of the two before anything else.
export { default as init, initSync } from "./wasm/glue.js";
export * from "./api.js";
