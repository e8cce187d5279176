// A strict reader of JSON: `JSON.parse` takes the last of two equal members and loses the text of numbers, and whoever
// verifies a token and whoever reads it must not disagree (SEMANTICS G19 (4), (6)). The same texts are refused, with
// the same codes, as by `src/source/json.rs` and `src/identity/claims.rs`.

const DEPTH = 16;
const BYTES = 256 << 10;

const WORDS = { null: null, true: true, false: false };
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const NUMBER_LIKE = /[A-Za-z0-9.+-]*/y;
const WORD = /[A-Za-z0-9_]*/y;
const BLANKS = /[ \t\n\r]*/y;
const HEX = /[0-9A-Fa-f]{4}/y;
// Everything that stands in a string as itself.
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/** Why a text is not read. */
export class JsonRefused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "JsonRefused";
    this.code = code;
  }
}

/** A number as written. */
export class NumberText {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/**
 * @typedef {null | boolean | string | NumberText | Json[] | Map<string, Json>} Json
 */

/**
 * The members of a JSON object that fills the whole text.
 * @param {string} text
 * @returns {Map<string, Json>}
 * @throws {JsonRefused} `E001`..`E008` for syntax and size, `E101` for a member that is there twice, at any depth,
 *   `E100` if it is no object
 */
export function readObject(text) {
  const reader = new Reader(text);
  const value = reader.document();
  if (reader.repeated !== undefined) {
    throw new JsonRefused("E101", `claim \`${reader.repeated}\` is there twice`);
  }
  if (!(value instanceof Map)) throw new JsonRefused("E100", `claims are a JSON object, not ${kind(value)}`);
  return value;
}

/**
 * "a string", "an object", ...
 * @param {Json} value
 */
export function kind(value) {
  if (value === null) return "null";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "string") return "a string";
  if (value instanceof NumberText) return "a number";
  return Array.isArray(value) ? "an array" : "an object";
}

class Reader {
  /** The first member that stands twice in its object, in order of the text. @type {string | undefined} */
  repeated;
  #text;
  #at = 0;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  document() {
    const text = this.#text;
    // A text never has fewer bytes than letters.
    if (text.length > BYTES || new TextEncoder().encode(text).length > BYTES) {
      throw new JsonRefused("E002", `the text is longer than ${BYTES} bytes`);
    }
    if (text.startsWith("\ufeff")) throw new JsonRefused("E007", "the text begins with a byte-order mark");
    this.#take(BLANKS);
    const value = this.#value(0);
    this.#take(BLANKS);
    if (this.#at === text.length) return value;
    throw new JsonRefused("E008", "something stands after the end of the value");
  }

  /**
   * What matches here; the reader stands behind it.
   * @param {RegExp} pattern a sticky one that cannot fail
   */
  #take(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  /**
   * Whether this letter stands here; then the reader stands behind it.
   * @param {string} letter
   */
  #eat(letter) {
    if (this.#text[this.#at] !== letter) return false;
    this.#at += 1;
    return true;
  }

  /**
   * @param {number} depth how many arrays and objects are open
   * @returns {Json}
   */
  #value(depth) {
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === "{" || first === "[") {
      if (depth >= DEPTH) throw new JsonRefused("E003", `nested more than ${DEPTH} levels deep`);
      this.#at += 1;
      this.#take(BLANKS);
      return first === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
    }
    if (first !== undefined && (first === "-" || (first >= "0" && first <= "9"))) return this.#number();
    const word = this.#take(WORD);
    if (Object.hasOwn(WORDS, word)) return WORDS[/** @type {keyof typeof WORDS} */ (word)];
    throw new JsonRefused("E001", "expected a value");
  }

  /** @param {number} depth */
  #array(depth) {
    /** @type {Json[]} */
    const items = [];
    if (this.#eat("]")) return items;
    for (;;) {
      items.push(this.#value(depth));
      if (this.#closes("]", "`,` or `]` after the value")) return items;
    }
  }

  /** @param {number} depth */
  #object(depth) {
    /** @type {Map<string, Json>} */
    const members = new Map();
    if (this.#eat("}")) return members;
    for (;;) {
      if (this.#text[this.#at] !== '"') throw new JsonRefused("E001", "expected a member name in double quotes");
      const key = this.#string();
      if (members.has(key)) this.repeated ??= key;
      this.#take(BLANKS);
      if (!this.#eat(":")) throw new JsonRefused("E001", "expected `:` after the member name");
      this.#take(BLANKS);
      const value = this.#value(depth);
      members.set(key, value);
      if (this.#closes("}", "`,` or `}` after the value")) return members;
    }
  }

  /**
   * After an item: the closing bracket, or a comma with something behind it.
   * @param {string} bracket
   * @param {string} expected
   */
  #closes(bracket, expected) {
    this.#take(BLANKS);
    if (this.#eat(bracket)) return true;
    if (!this.#eat(",")) throw new JsonRefused("E001", `expected ${expected}`);
    this.#take(BLANKS);
    if (this.#text[this.#at] !== bracket) return false;
    throw new JsonRefused("E001", "a comma stands before the closing bracket");
  }

  #number() {
    const start = this.#at;
    const number = this.#take(NUMBER);
    this.#at = start;
    const written = this.#take(NUMBER_LIKE);
    if (number !== "" && number === written) return new NumberText(number);
    throw new JsonRefused("E006", `\`${written.slice(0, 60)}\` is not a number`);
  }

  #string() {
    this.#at += 1;
    let out = this.#take(PLAIN);
    for (;;) {
      const letter = this.#text[this.#at];
      this.#at += 1;
      if (letter === '"') return out;
      if (letter !== "\\") throw new JsonRefused("E005", broken(letter));
      out += this.#escape();
      out += this.#take(PLAIN);
    }
  }

  #escape() {
    const letter = this.#text[this.#at] ?? "";
    this.#at += 1;
    if (letter !== "u") {
      if (Object.hasOwn(ESCAPES, letter)) return ESCAPES[/** @type {keyof typeof ESCAPES} */ (letter)];
      throw new JsonRefused("E005", "unknown escape in a string");
    }
    const unit = this.#unit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit < 0xdc00 && this.#eat("\\") && this.#eat("u")) {
      const low = this.#unit();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
    }
    throw new JsonRefused("E005", `\`\\u${unit.toString(16)}\` is half of a surrogate pair`);
  }

  #unit() {
    const digits = this.#take(HEX);
    if (digits === "") throw new JsonRefused("E005", "`\\u` wants four hexadecimal digits");
    return Number.parseInt(digits, 16);
  }
}

/** @param {string | undefined} letter what stands where a string should go on */
function broken(letter) {
  if (letter === undefined) return "the string does not end";
  if (letter === "\n" || letter === "\r") return "the string does not end on its line";
  return `control character U+${letter.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()} in a string`;
}
