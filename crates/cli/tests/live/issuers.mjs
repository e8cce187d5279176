// Two issuers of tokens on the loopback, and somebody who signs in to them. Commands come as lines of JSON on standard
// input, `{"do": NAME, ...}`; each is answered with one line. It ends with its input, and in any case after two minutes.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createEncryptedServer } from "node:https";
import { createInterface } from "node:readline";

import { OAuth2Server } from "oauth2-mock-server";
import { Provider } from "oidc-provider";
import { generate } from "selfsigned";

setTimeout(() => process.exit(1), 120_000);

const HOST = "127.0.0.1";
const API = "https://api.example";
const BACK = "http://127.0.0.1/back";
const DAY = 86_400;

function rsaKey(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

/** An OpenID Connect provider whose keys can be exchanged, and which can go away and come back. */
class Issuer {
  asked = { jwks: 0, discovery: 0 };

  async start() {
    this.server = createServer((request, response) => {
      if (request.url === "/jwks") this.asked.jwks += 1;
      if (request.url.startsWith("/.well-known/")) this.asked.discovery += 1;
      this.handle(request, response);
    });
    await this.up(0);
    this.url = `http://${HOST}:${this.port}`;
  }

  async up(port = this.port) {
    await new Promise((resolve) => this.server.listen(port, HOST, resolve));
    this.port = this.server.address().port;
  }

  async down() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The first key signs. */
  publish(keys) {
    const provider = new Provider(this.url, {
      jwks: { keys },
      cookies: { keys: [randomBytes(16).toString("hex")] },
      clients: [{ client_id: "web", client_secret: "not-a-secret", redirect_uris: [BACK] }],
      claims: { openid: ["sub", "groups", "tenant"] },
      conformIdTokenClaims: false,
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, groups: ["editors", "a,b"], tenant: "acme" }) }),
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => API,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({ scope: "openid photos.read", audience: API, accessTokenFormat: "jwt" }),
        },
      },
      ttl: { IdToken: DAY, AccessToken: DAY, Interaction: DAY, Session: DAY, Grant: DAY },
    });
    this.handle = provider.callback();
  }
}

/** Signs in with a browser's patience: forms, cookies, redirects, and at the end the code is exchanged. */
async function signIn(url, login) {
  const verifier = randomBytes(32).toString("base64url");
  const cookies = new Map();
  const ask = async (target, form) => {
    const response = await fetch(new URL(target, url), {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      body: form && new URLSearchParams(form),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(";")[0].split("=");
      cookies.set(name, value);
    }
    return response;
  };
  let next = `/auth?${new URLSearchParams({
    client_id: "web",
    response_type: "code",
    scope: "openid photos.read",
    redirect_uri: BACK,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })}`;
  for (let step = 0; step < 12; step += 1) {
    const response = await ask(next);
    const location = response.headers.get("location");
    if (location?.startsWith(BACK)) {
      const code = new URL(location).searchParams.get("code");
      const answer = await fetch(`${url}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from("web:not-a-secret").toString("base64")}` },
        body: new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: BACK, code_verifier: verifier }),
      });
      const tokens = await answer.json();
      if (!tokens.id_token || !tokens.access_token) throw new Error(JSON.stringify(tokens));
      return { id: tokens.id_token, access: tokens.access_token };
    }
    if (location !== null) {
      next = location;
      continue;
    }
    const page = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (prompt === undefined) throw new Error(`status ${response.status}: ${page.slice(0, 500)}`);
    const form = prompt === "login" ? { prompt, login, password: "any" } : { prompt };
    next = (await ask(next, form)).headers.get("location");
  }
  throw new Error("signing in has no end");
}

/** A server of machine tokens that says what it is told to say. */
async function machineToken({ server, claims, alg }) {
  server.service.once("beforeTokenSigning", (token) => {
    Object.assign(token.payload, claims);
  });
  const answer = await fetch(`${server.issuer.url}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "photos.read" }),
  });
  const { access_token: token } = await answer.json();
  if (JSON.parse(Buffer.from(token.split(".")[0], "base64url")).alg !== alg) throw new Error(`not ${alg}: ${token}`);
  return token;
}

/** The key set of the issuer once more, encrypted, under a certificate that only those trust who are told to. */
async function encrypted(name) {
  const altNames = [{ type: 2, value: name }];
  const how = { algorithm: "sha256", extensions: [{ name: "subjectAltName", altNames }] };
  const made = await generate([{ name: "commonName", value: name }], how);
  const server = createEncryptedServer({ key: made.private, cert: made.cert }, async (request, response) => {
    if (request.url === "/moved") return response.writeHead(302, { location: "/jwks" }).end();
    const answer = await fetch(`${issuer.url}/jwks`);
    response.writeHead(200, { "cache-control": "max-age=60" }).end(await answer.text());
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  return { at: `https://localhost:${server.address().port}`, certificate: made.cert };
}

const issuer = new Issuer();
await issuer.start();
let keys = [rsaKey("key-1")];
issuer.publish(keys);

const machines = {};
for (const alg of ["RS256", "PS256", "ES256", "ES384", "EdDSA"]) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate(alg, { kid: `machine-${alg}` });
  await server.start(0, HOST);
  machines[alg] = server;
}

const commands = {
  where: () => ({
    issuer: issuer.url,
    machines: Object.fromEntries(Object.entries(machines).map(([alg, server]) => [alg, server.issuer.url])),
  }),
  asked: () => issuer.asked,
  "sign in": ({ login }) => signIn(issuer.url, login),
  /** A new key signs; the old ones are still published. */
  rotate: ({ kid }) => issuer.publish((keys = [rsaKey(kid), ...keys])),
  /** All keys but the newest are gone. */
  retire: () => issuer.publish((keys = keys.slice(0, 1))),
  down: () => issuer.down(),
  up: () => issuer.up(),
  encrypted: ({ name }) => encrypted(name),
  machine: ({ alg, claims }) => machineToken({ server: machines[alg], claims, alg }),
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const command = JSON.parse(line);
    answer = { ok: (await commands[command.do](command)) ?? null };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
