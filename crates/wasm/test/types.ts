// Compiled, never run: the types say what the scripts do, and refuse what they refuse.
import { BailiwickError, handles, load, unknown, type Decision, type Engine, type Principal, type Session } from "bailiwick";
import { init, initSync, load as loadByHand } from "bailiwick/manual";
import { Sessions, TokenRefused, Verifier } from "bailiwick/token";

export function asked(artifact: Uint8Array, payload: Uint8Array): string {
  const engine: Engine = load(artifact);
  using session: Session = engine.session(payload);
  const decision: Decision = session.decide("photos:Get", "arn:acme:photos:eu:1:album/summer", {
    "aws:SourceIp": "10.0.0.7",
    "photos:size": 12,
    "photos:labels": ["a", true, 3n],
    "aws:SourceVpc": unknown,
    "photos:absent": undefined,
  });
  if (decision.allowed) return "welcome";
  const place: readonly [number, number] | undefined = decision.place;
  return `${decision.verdict} by ${decision.layer}: ${decision.policy ?? "nothing"} ${decision.sid ?? ""} ${place ?? ""}`;
}

export function described(engine: Engine, principal: Principal): readonly Decision[] {
  const session = engine.sessionFor(principal);
  const decisions = session.decideMany(new Set([{ action: "photos:Get", resource: "*" }]));
  const action = handles.action("photos:Get");
  const resource = handles.resource("*", "111122223333");
  session.decideHandles(action, resource, handles.context({ "aws:SourceIp": "10.0.0.7" }));
  handles.release("action", action);
  session.free();
  return decisions;
}

export async function byHand(module: WebAssembly.Module): Promise<Engine> {
  initSync({ module });
  await init({ module_or_path: fetch("bailiwick.wasm") });
  return loadByHand(new ArrayBuffer(8));
}

export const principals: Principal[] = [
  "arn:aws:iam::111122223333:user/alice",
  { anonymous: true },
  { service: "lambda.amazonaws.com" },
  { issuer: "https://id.example", subject: "u-1", groups: ["editors"], tags: { tenant: "a" } },
  { arn: "arn:aws:sts::111122223333:assumed-role/app/s", role: "arn:aws:iam::111122223333:role/x/app", serviceLinked: false },
];

export function reason(error: unknown): string {
  return error instanceof BailiwickError ? `${error.code}: ${error.summary} (${error.help})` : "";
}

declare const session: Session;
// @ts-expect-error: a resource is a text
session.decide("photos:Get", 7);
// @ts-expect-error: a value is no object
session.decide("photos:Get", "*", { "aws:SourceIp": { address: "10.0.0.7" } });
// @ts-expect-error: handles of different kinds are different
session.decideHandles(handles.resource("*"), handles.action("photos:Get"));
// @ts-expect-error: a decision cannot be changed
session.decide("photos:Get", "*").allowed = true;
// @ts-expect-error: sessions come from engines
new Session();

declare const engine: Engine;
const verifier = new Verifier({ issuers: "https://id.example", audiences: ["api"], jwksUri: "https://id.example/keys" });
const sessions = new Sessions({ verifier, open: (claims) => engine.session(claims) });

export async function gate(token: string): Promise<boolean> {
  try {
    return await sessions.use(token, (session, { until }) => until > 0 && session.decide("photos:Get", "*").allowed);
  } catch (error) {
    if (error instanceof TokenRefused && error.check === "exp") return false;
    throw error;
  }
}

// @ts-expect-error: whose tokens, and for whom, must be said
new Verifier({ jwksUri: "https://id.example/keys" });
// @ts-expect-error: no shared secrets
new Verifier({ issuers: null, audiences: null, jwks: "{}", algorithms: "HS256" });
