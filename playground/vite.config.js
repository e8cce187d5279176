import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Any folder of any server will do.
  base: "./",
  resolve: {
    // What `cargo xtask wasm` makes; the page starts the module itself.
    alias: [
      { find: /^bailiwick-full$/, replacement: at("../target/npm/full/manual.js") },
      { find: /^bailiwick-full\/(.*)$/, replacement: at("../target/npm/full/$1") },
    ],
  },
  server: { fs: { allow: [at("..")] } },
  build: {
    outDir: at("../target/playground"),
    emptyOutDir: true,
    target: "es2022",
    // The policy of the page has no room for what is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
