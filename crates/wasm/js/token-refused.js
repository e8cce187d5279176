// Why a token is refused: the same checks and codes as the native verifier (`crates/token/src/refusal.rs`).

/** Diagnostic code of each check. */
const CODES = {
  size: "E300",
  form: "E300",
  header: "E301",
  crit: "E301",
  alg: "E302",
  kid: "E303",
  signature: "E304",
  exp: "E305",
  nbf: "E305",
  iat: "E305",
  typ: "E306",
  azp: "E306",
  keys: "E307",
  claims: "E100",
  iss: "E104",
  token_use: "E108",
  aud: "E109",
  org_id: "E116",
};

/** Texts of a token in messages end here: a hostile one may be long. */
const SHOWN = 60;

/** A token that is not to be believed. It says nothing of what stood in it beyond what the check needed. */
export class TokenRefused extends Error {
  /**
   * @param {keyof typeof CODES} check the check that refused
   * @param {string} message what is wrong
   * @param {string} help what to do
   * @param {{code?: string, cause?: unknown}} [more] a finer code than the check's, and what lay behind
   */
  constructor(check, message, help, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "TokenRefused";
    this.check = check;
    this.code = more.code ?? CODES[check];
    this.help = help;
  }
}

/** Settings that no verifier can be made of: an error of the program, not of a token. */
export class SettingsError extends TypeError {
  /**
   * @param {string} message what is wrong
   * @param {string} help what to do
   */
  constructor(message, help) {
    super(message);
    this.name = "SettingsError";
    this.help = help;
  }
}

/**
 * A token's text as a message may show it: one line, cut, without control characters.
 * @param {string} text
 */
export function shown(text) {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  return cut.replace(/[^\x20-\x7e]|[\\`]/g, (letter) => `\\u{${letter.charCodeAt(0).toString(16)}}`);
}
