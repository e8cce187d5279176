// A Worker made of a bundle alone: `bailiwick build policies --wasm -o bundle`.

import { BailiwickError, engine, Verifier } from "./bundle/index.js";

const claims = '{"iss":"https://id.example","aud":"albums","sub":"u-1","tenant":"acme","groups":["editors"]}';

export default {
  fetch(request) {
    const tenant = new URL(request.url).pathname.slice(1);
    const session = engine.session(claims);
    const decision = session.decide("albums:Get", `arn:acme:albums:eu:111122223333:album/${tenant}/summer`);
    session.free();
    return Response.json({ ...decision, verifies: typeof Verifier, throws: typeof BailiwickError });
  },
};
