// A token as it is pasted: claims as JSON, or a JSON Web Token whose payload is taken as it is.

export interface Claims {
  /** The payload's text; claims reach the engine as they are written, or repeated members would be lost. */
  text: string;
  /** Whether it was taken out of a token. */
  decoded: boolean;
  /** Why there are none. */
  problem?: string;
}

/** The claims of what was pasted. Signatures are not looked at: this page has no keys and asks nobody for them. */
export function claimsOf(pasted: string): Claims {
  const text = pasted.trim().replace(/^Bearer\s+/i, "");
  if (text === "") return { text, decoded: false, problem: "paste a token, or claims as JSON" };
  if (text.startsWith("{")) return { text: pasted, decoded: false };
  const parts = text.split(".");
  const [, payload = ""] = parts;
  if (parts.length !== 3 || !/^[\w-]+$/.test(payload)) {
    return { text: pasted, decoded: false, problem: "this is neither a JSON object nor a token of three parts" };
  }
  try {
    const plain = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), decoded: true };
  } catch {
    return { text: pasted, decoded: false, problem: "the middle part of this token is not text in Base64url" };
  }
}
