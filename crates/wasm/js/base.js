// The buffer that scripts and module share, texts through it, and errors out of it.
// Internal to this package: nothing of it is exported to users but BailiwickError.
import titles from "./codes.js";
import { initSync } from "./wasm/glue.js";

/** What was refused and why. `code` is a diagnostic code, as `E202`; `help` says what to do, and may be empty. */
export class BailiwickError extends Error {
  constructor(code, message, help) {
    super(help ? `${message}; ${help}` : message);
    this.name = "BailiwickError";
    this.code = code;
    this.summary = message;
    this.help = help;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The module's exports once it is there. */
let module;
/** The buffer, seen as bytes and as words; empty when it must be looked up anew. */
let bytes = new Uint8Array(0);
let words = new Uint32Array(0);

/** The module's exports. */
export function exports() {
  if (module === undefined) {
    try {
      // Gives the exports when the module is there, and throws when it is not.
      module = initSync();
    } catch {
      throw new BailiwickError("E264", "the module is not loaded yet", "await `init`, or call `initSync`");
    }
  }
  return module;
}

/** Makes the buffer at least `length` bytes long. What is in it stays. */
export function room(length) {
  // A view has no bytes any more when the memory has grown.
  if (length > bytes.length) {
    const { memory, reserve } = exports();
    const size = Math.max(length, 4096, bytes.length * 2) + 3 & ~3;
    const at = reserve(size) >>> 0;
    if (at % 4 !== 0) throw new Error("the buffer is not aligned");
    bytes = new Uint8Array(memory.buffer, at, size);
    words = new Uint32Array(memory.buffer, at, size / 4);
  }
}

/** To be called when the module may have moved the buffer. */
export function forget() {
  bytes = new Uint8Array(0);
}

/** Writes a text at an offset, and tells how many bytes it has. */
export function writeText(text, at) {
  const length = text.length;
  // No character has more than three bytes for each of its units.
  if (at + length * 3 > bytes.length) room(at + length * 3);
  if (length < 192) {
    const to = bytes;
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) break;
      to[at + i] = unit;
    }
    if (i === length) return length;
  }
  // The encoder would put something else in the place of half a character, and two texts would become one.
  if (/\p{Surrogate}/u.test(text)) {
    throw new BailiwickError("E251", "a text holds half a character", "give well-formed text");
  }
  return encoder.encodeInto(text, bytes.subarray(at)).written;
}

/** Writes bytes to the beginning of the buffer. */
export function writeBytes(data) {
  room(data.length);
  bytes.set(data);
  return data.length;
}

/** Writes a word; `at` counts words. */
export function writeWord(at, value) {
  words[at] = value;
}

/** The texts that the module has just written. */
export function readTexts(count) {
  forget();
  const { memory, reserve } = exports();
  const view = new DataView(memory.buffer, reserve(0) >>> 0);
  const texts = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(at, true);
    texts.push(decoder.decode(new Uint8Array(memory.buffer, view.byteOffset + at + 4, length)));
    at += 4 + length;
  }
  return texts;
}

/** Throws why the last call failed. */
export function raise() {
  const [code, message, help] = readTexts(exports().failure());
  // The evaluator has codes only: what they mean is told by their pages' titles.
  throw new BailiwickError(code, message || titles[code] || "refused", help || `\`bailiwick explain-code ${code}\` tells more`);
}

/** The value of a call that gives 0 when it fails. */
export function checked(value) {
  return value === 0 ? raise() : value >>> 0;
}
