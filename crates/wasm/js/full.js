// Deployments: folders of policy text to findings, explanations, listings, drawings and engines.
import { Engine } from "./api.js";
import { checked, exports, forget, raise, readTexts, writeText } from "./base.js";

const deployments = new FinalizationRegistry((handle) => exports().deployment_free(handle));
const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Takes the catalogue of AWS's services: `catalog.txt` of this package as text, or `catalog.gz` as bytes. */
export async function loadCatalogue(data) {
  const text = typeof data === "string" ? data : await unpacked(data);
  const count = exports().catalogue_load(writeText(text, 0));
  forget();
  return checked(count);
}

/** Reads a folder: file names to texts. */
export function openDeployment(files) {
  const { handle, findings, ...outline } = ask((length) => exports().deployment_open(length), files);
  const deployment = handle === null ? undefined : new Deployment(handle, outline);
  return Object.freeze({ findings: Object.freeze(findings), deployment });
}

/** A folder without refusals. */
export class Deployment {
  #handle;

  /** For this package: users call `openDeployment`. */
  constructor(handle, outline) {
    this.#handle = handle;
    this.outline = Object.freeze(outline);
    deployments.register(this, handle, this);
  }

  who(who) {
    return ask((length) => exports().deployment_who(this.#handle, length), who);
  }

  explain(who, request) {
    return ask((length) => exports().deployment_explain(this.#handle, length), { who, request });
  }

  can(who, narrow = {}) {
    return ask((length) => exports().deployment_can(this.#handle, length), { who, narrow });
  }

  tree({ who, request, most } = {}) {
    return ask((length) => exports().deployment_tree(this.#handle, length), { who, request, most });
  }

  /** An engine, as `load` gives of an artifact. */
  engine() {
    return new Engine(checked(exports().deployment_engine(this.#handle)));
  }

  /** The bytes that `load` takes. */
  artifact() {
    const engine = this.engine();
    const length = checked(exports().engine_bytes(engine.handle));
    engine.free();
    forget();
    const { memory, reserve } = exports();
    return new Uint8Array(memory.buffer, reserve(0) >>> 0, length).slice();
  }

  free() {
    deployments.unregister(this);
    exports().deployment_free(this.#handle);
    this.#handle = 0;
  }

  [dispose]() {
    this.free();
  }
}

/** Writes a question, reads the answer. */
function ask(call, question) {
  const count = call(writeText(JSON.stringify(question), 0));
  if (count === 0) raise();
  const [text] = readTexts(count);
  return JSON.parse(text);
}

async function unpacked(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
