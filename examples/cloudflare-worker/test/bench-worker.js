// Decides without a token, for the benches: `/` once, `/N` N times.

import { load } from "bailiwick";
import artifact from "./app.bwk";

const engine = load(artifact);
const claims = '{"iss":"https://id.example","aud":"albums","sub":"u-1","tenant":"acme","groups":["editors"]}';
const resources = Array.from({ length: 64 }, (_, at) => `arn:acme:albums:eu:111122223333:album/${at % 2 ? "acme" : "umbrella"}/summer-${at}`);
let session;

export default {
  fetch(request) {
    session ??= engine.session(claims);
    const times = Number(new URL(request.url).pathname.slice(1)) || 1;
    let allowed = 0;
    for (let at = 0; at < times; at += 1) {
      if (session.decide("albums:Get", resources[at & 63]).allowed) allowed += 1;
    }
    return new Response(String(allowed));
  },
};
