// Engines, sessions, decisions.
import { BailiwickError, checked, exports, forget, raise, readTexts, room, writeBytes, writeText, writeWord } from "./base.js";

export { BailiwickError };

/** The value of a context key that has one which is not known here: nothing is granted that depends on it. */
export const unknown = Symbol("bailiwick.unknown");

const VERDICTS = [undefined, "allow", "implicit deny", "explicit deny"];
const LAYERS = ["resource control", "service control", "endpoint", "resource", "identity", "boundary", "session policy"];
const ERRORS = [undefined, "principal key", "too large"];
const NONE = 0xffffffff;
const [TEXT, LIST, UNKNOWN, NUMBER] = [0, 1, 2, 3];
const NUMBER_ITEM = 0x80000000;
const ALL_STATEMENTS = 0xfffff;
const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Texts that come again and again, by handle; there is an end to how many are kept. */
const MOST = 1024;
const actions = new Map();
const keys = new Map();

/** Where the texts of a record begin; grows when a record has more words. */
let texts = 1024;

const engines = new FinalizationRegistry((handle) => exports().engine_free(handle));
const sessions = new FinalizationRegistry((handle) => exports().session_free(handle));

/** Loads an artifact that `bailiwick build` made. */
export function load(artifact) {
  const data = artifact instanceof Uint8Array ? artifact : asBytes(artifact);
  const length = writeBytes(data);
  const handle = exports().engine_load(length);
  forget();
  return new Engine(checked(handle));
}

/** A compiled set of policies. */
export class Engine {
  #handle;
  #decisions = new Map();

  /** For this package: users call `load`. */
  constructor(handle) {
    this.#handle = handle;
    engines.register(this, handle, this);
  }

  /** What the token with these claims may do. Verify the token first. */
  session(claims) {
    const length = writeJson(claims);
    return new Session(checked(exports().session_of_claims(this.#handle, length)), this.#decisions);
  }

  /** What a principal may do that the host describes. */
  sessionFor(principal) {
    const described = typeof principal === "string" ? { arn: principal } : principal;
    if (typeof described !== "object" || described === null || Array.isArray(described)) {
      throw new BailiwickError("E257", "a principal is an ARN or an object", "see the type `Principal`");
    }
    const length = writeText(JSON.stringify(described), 0);
    return new Session(checked(exports().session_of_principal(this.#handle, length)), this.#decisions);
  }

  /** The number behind it, for this package. */
  get handle() {
    return this.#handle;
  }

  free() {
    engines.unregister(this);
    exports().engine_free(this.#handle);
    this.#handle = 0;
  }

  [dispose]() {
    this.free();
  }
}

/** What one principal may do. */
export class Session {
  #handle;
  #decisions;

  /** For this package: users call `engine.session`. */
  constructor(handle, decisions) {
    this.#handle = handle;
    this.#decisions = decisions;
    sessions.register(this, handle, this);
  }

  /** Decides one request. */
  decide(action, resource, context, resourceAccount) {
    const named = actions.get(action) ?? internAction(action);
    const at = writeRecord(resource, context, resourceAccount);
    const answer = exports().decide_record(this.#handle, named, at);
    return this.#decisions.get(answer) ?? this.#decision(answer);
  }

  /** Decides many requests, in order. */
  decideMany(requests) {
    const decisions = [];
    for (const { action, resource, context, resourceAccount } of requests) {
      decisions.push(this.decide(action, resource, context, resourceAccount));
    }
    return decisions;
  }

  /** Decides what `handles` has interned: no text crosses over. */
  decideHandles(action, resource, context = 0) {
    const answer = exports().decide_handles(this.#handle, action, resource, context);
    return this.#decisions.get(answer) ?? this.#decision(answer);
  }

  /** The number behind it, for this package. */
  get handle() {
    return this.#handle;
  }

  #decision(answer) {
    if (answer === 0) return raise();
    const packed = answer >>> 0;
    const rest = packed >>> 12;
    const statement = rest === ALL_STATEMENTS ? exports().decided_by() >>> 0 : rest;
    const names = statement === 0 ? [] : readTexts(exports().statement(this.#handle, statement - 1));
    const [policy, sid, position, start, end] = names;
    const decision = Object.freeze({
      verdict: VERDICTS[packed & 3],
      allowed: (packed & 3) === 1,
      layer: LAYERS[packed >>> 2 & 15],
      level: packed >>> 6 & 15,
      policy,
      sid: sid || undefined,
      position: position === undefined ? undefined : Number(position),
      place: start === undefined ? undefined : Object.freeze([Number(start), Number(end)]),
      error: ERRORS[packed >>> 10 & 3],
    });
    // The same answer is always the same decision; there are at most a few for each statement.
    if (rest !== ALL_STATEMENTS) this.#decisions.set(answer, decision);
    return decision;
  }

  free() {
    sessions.unregister(this);
    exports().session_free(this.#handle);
    this.#handle = 0;
  }

  [dispose]() {
    this.free();
  }
}

/** For those who ask the same again and again: each text crosses over once, and stays until it is released. */
export const handles = Object.freeze({
  action(text) {
    return checked(exports().intern_action(writeText(string(text, "an action"), 0)));
  },
  resource(text, account) {
    return checked(exports().intern_resource(writeRecord(text, undefined, account)));
  },
  context(context) {
    return checked(exports().intern_context(writeRecord("*", context, undefined)));
  },
  release(kind, handle) {
    const number = ["action", "resource", "context"].indexOf(kind);
    if (number < 0) throw new TypeError(`no kind of handle: ${String(kind)}`);
    exports().release(number, handle);
  },
});

function internAction(text) {
  const handle = handles.action(text);
  if (actions.size >= MOST) {
    for (const old of actions.values()) exports().release(0, old);
    actions.clear();
  }
  actions.set(text, handle);
  return handle;
}

/** The handle of a context key; 0 if so many are kept that this one goes as text. */
function internKey(name) {
  if (keys.size >= MOST) return 0;
  const handle = checked(exports().intern_key(writeText(name, 0)));
  keys.set(name, handle);
  return handle;
}

/** Writes a record as `record.rs` reads it, and tells where its texts begin. */
function writeRecord(resource, context, account) {
  if (context !== undefined) {
    // Before anything of the record is in the buffer.
    for (const name in context) {
      if (!keys.has(name)) internKey(name);
    }
  }
  room(texts);
  let at = texts + writeText(string(resource, "a resource"), texts);
  writeWord(1, at - texts);
  if (account === undefined) {
    writeWord(2, NONE);
  } else {
    const length = writeText(string(account, "an account"), at);
    writeWord(2, length);
    at += length;
  }
  let word = 4;
  let count = 0;
  if (context !== undefined) {
    for (const name in context) {
      const value = context[name];
      if (value === undefined) continue;
      const items = Array.isArray(value) ? value.length : 1;
      if ((word + 4 + items) * 4 > texts) {
        texts = Math.max(texts * 2, (word + 8 + items) * 4);
        return writeRecord(resource, context, account);
      }
      count++;
      const key = keys.get(name) ?? 0;
      const length = key === 0 ? writeText(name, at) : 0;
      writeWord(word, key);
      writeWord(word + 1, length);
      at += length;
      word += 2;
      if (value === unknown) {
        writeWord(word++, UNKNOWN);
      } else if (Array.isArray(value)) {
        writeWord(word, LIST);
        writeWord(word + 1, items);
        word += 2;
        for (const item of value) {
          const bytes = writeText(scalar(item, name), at);
          writeWord(word++, typeof item === "number" ? (bytes | NUMBER_ITEM) >>> 0 : bytes);
          at += bytes;
        }
      } else {
        const bytes = writeText(scalar(value, name), at);
        writeWord(word, typeof value === "number" ? NUMBER : TEXT);
        writeWord(word + 1, bytes);
        word += 2;
        at += bytes;
      }
    }
  }
  writeWord(3, count);
  writeWord(0, at - texts);
  return texts;
}

function scalar(value, name) {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  const message = `context key \`${name}\` is neither a text, a number, a boolean nor a list of such`;
  throw new BailiwickError("E258", message, "leave it out if there is no value, or say `unknown`");
}

function string(value, what) {
  if (typeof value === "string") return value;
  throw new BailiwickError("E256", `${what} is a string, not ${value === null ? "null" : typeof value}`, "");
}

/** Writes claims: the payload's bytes or text as they are, or an object as JSON. */
function writeJson(claims) {
  if (claims instanceof Uint8Array || claims instanceof ArrayBuffer) return writeBytes(asBytes(claims));
  const text = typeof claims === "string" ? claims : JSON.stringify(claims);
  return writeText(text ?? "null", 0);
}

function asBytes(data) {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError("an artifact is an ArrayBuffer or a view of one");
}
