// Scenes in links. All of a scene stands after the `#`, which browsers keep to themselves.
import type { Ask, Asker, Entry, Pair, Scene } from "./scene.ts";

/** The form of this version; a later one will read it too. */
const VERSION = "1.";
/** More than this nobody types; a link could unpack to anything. */
const MOST = 4 << 20;

/** The fragment of a scene, without its `#`. */
export async function packed(scene: Scene): Promise<string> {
  const { example, files, asker, ask } = scene;
  const bytes = new TextEncoder().encode(JSON.stringify({ example, files, asker, ask }));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return VERSION + base64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** The scene of a fragment. Throws if it is none: a link may come from anybody. */
export async function unpacked(fragment: string): Promise<Scene> {
  if (!fragment.startsWith(VERSION)) throw new Error("it was made by another version of this page");
  const packed = new Blob([bytes(fragment.slice(VERSION.length))]);
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST) throw new Error("it holds more than this page takes");
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return scene(JSON.parse(await new Blob(parts).text()));
}

function base64(data: Uint8Array): string {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function scene(value: unknown): Scene {
  const { example, files, asker, ask } = object(value);
  const texts = Object.entries(object(files)).map(([name, file]) => [name, text(file)] as const);
  return { example: text(example), files: Object.fromEntries(texts), asker: askerOf(asker), ask: askOf(ask) };
}

function askerOf(value: unknown): Asker {
  const { mode, token, role, identityId, principal } = object(value);
  const { arn, groups, tags, keys } = object(principal);
  if (mode !== "token" && mode !== "principal" && mode !== "guest") throw wrong();
  return {
    mode,
    token: text(token),
    role: text(role),
    identityId: text(identityId),
    principal: { arn: text(arn), groups: list(groups).map(text), tags: list(tags).map(pair), keys: list(keys).map(pair) },
  };
}

function askOf(value: unknown): Ask {
  const { action, resource, account, context } = object(value);
  return { action: text(action), resource: text(resource), account: text(account), context: list(context).map(entry) };
}

function entry(value: unknown): Entry {
  const { kind } = object(value);
  if (kind !== "text" && kind !== "list" && kind !== "unknown") throw wrong();
  return { ...pair(value), kind };
}

function pair(value: unknown): Pair {
  const { name, value: held } = object(value);
  return { name: text(name), value: text(held) };
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong();
  return value as Record<string, unknown>;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrong();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw wrong();
  return value;
}

function wrong(): Error {
  return new Error("what it holds is no scene");
}
