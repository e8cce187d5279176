// A Worker in front of an API: who has no token, or one that does not hold, stops here; so does who may not.
//
// The artifact is data beside the code: `bailiwick build policies -o src/app.bwk`.

import { BailiwickError, load } from "bailiwick";
import { Sessions, TokenRefused, Verifier } from "bailiwick/token";
import artifact from "./app.bwk";
import { question } from "./routes.js";

const engine = load(artifact);

/** One for each isolate; settings come with the first request. */
let sessions;

function open({ ISSUER, AUDIENCE, JWKS_URI }) {
  const verifier = new Verifier({ issuers: ISSUER, audiences: AUDIENCE, jwksUri: JWKS_URI, leeway: 30 });
  return new Sessions({ verifier, open: (claims) => engine.session(claims), capacity: 1000 });
}

export default {
  async fetch(request, env) {
    const asked = question(request);
    if (asked === undefined) return answer(404, { error: "not found" });
    const token = /^Bearer ([^ ]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) return answer(401, { error: "a token is needed" }, { "www-authenticate": "Bearer" });

    sessions ??= open(env);
    const context = { "aws:SourceIp": request.headers.get("cf-connecting-ip") ?? undefined };
    let decision;
    try {
      decision = await sessions.use(token, (session) => session.decide(asked.action, asked.resource, context));
    } catch (error) {
      return refused(error);
    }
    if (decision.allowed) return fetch(request);
    const { verdict, layer, policy, sid } = decision;
    return answer(403, { error: "forbidden", action: asked.action, resource: asked.resource, verdict, layer, policy, sid });
  },
};

/** A token that is refused says why: its bearer cannot use that, and whoever looks for the fault can. */
function refused(error) {
  if (error instanceof TokenRefused && error.check === "keys") {
    return answer(503, { error: "the issuer's keys cannot be had", code: error.code }, { "retry-after": "10" });
  }
  if (error instanceof TokenRefused || error instanceof BailiwickError) {
    const { code, message, check } = error;
    const body = { error: "the token is refused", check, code, message };
    return answer(401, body, { "www-authenticate": 'Bearer error="invalid_token"' });
  }
  // Whatever else goes wrong: nothing passes.
  return answer(500, { error: "no decision" });
}

function answer(status, body, headers = {}) {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}
