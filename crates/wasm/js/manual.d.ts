export * from "./index.js";

/** What `initSync` takes: a compiled module, or its bytes where compiling at run time is allowed. */
export type SyncInitInput = WebAssembly.Module | BufferSource;

/** Makes the module ready. Call it once, before anything else of this package. */
export function initSync(options: { module: SyncInitInput }): unknown;

/** The same for a module that is still on its way: an address, a response, bytes or a compiled module. */
export function init(options: {
  module_or_path: URL | string | Response | SyncInitInput | Promise<URL | string | Response | SyncInitInput>;
}): Promise<unknown>;
