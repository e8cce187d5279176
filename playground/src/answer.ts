// From a scene to everything that the page shows of it. No document here, so that it can be tested by itself.
import { BailiwickError, openDeployment } from "bailiwick-full";
import type { Can, Deployment, Drawing, Explanation, Finding, Identity, Narrow, Question, Who } from "bailiwick-full";
import { instant, listed, question, type Asker, type Scene } from "./scene.ts";
import { claimsOf, type Claims } from "./token.ts";

/** A fault of what was asked, in words. */
export interface Fault {
  code: string;
  summary: string;
  help: string;
}

export interface Answer {
  findings: readonly Finding[];
  /** Absent if a file is refused. */
  deployment?: Deployment;
  claims?: Claims;
  who?: Who;
  identity?: Identity;
  /** Why nobody asks. */
  whoFault?: Fault;
  asked?: Question;
  explanation?: Explanation;
  /** Why the request cannot be asked. */
  askFault?: Fault;
}

/** Reads the files. The last deployment is freed. */
export function read(scene: Scene, last?: Answer): Answer {
  last?.deployment?.free();
  try {
    const { findings, deployment } = openDeployment(scene.files);
    return deployment === undefined ? { findings } : { findings, deployment };
  } catch (error) {
    const { code, summary, help } = fault(error);
    const finding: Finding = { file: "bailiwick.toml", code, severity: "error", message: summary, help, labels: [] };
    return { findings: [finding] };
  }
}

/** Asks the question of what was read. */
export function ask(scene: Scene, { findings, deployment }: Answer, now: Date): Answer {
  const answer: Answer = deployment === undefined ? { findings } : { findings, deployment };
  if (scene.asker.mode === "token") answer.claims = claimsOf(scene.asker.token);
  if (deployment === undefined) return answer;
  if (answer.claims?.problem !== undefined) {
    answer.whoFault = { code: "", summary: answer.claims.problem, help: "" };
    return answer;
  }
  const who = asking(scene.asker, answer.claims, now);
  try {
    answer.identity = deployment.who(who);
  } catch (error) {
    answer.whoFault = fault(error);
    return answer;
  }
  if (!answer.identity.accepted) {
    const [first] = answer.identity.reasons;
    answer.whoFault = { code: first?.code ?? "", summary: first?.message ?? "it is refused", help: first?.help ?? "" };
    return answer;
  }
  answer.who = who;
  try {
    const asked = question(scene.ask, now);
    answer.explanation = deployment.explain(who, asked);
    answer.asked = asked;
  } catch (error) {
    answer.askFault = fault(error);
  }
  return answer;
}

/** What the asker can do; a fault if the narrower question cannot be asked. */
export function can({ deployment, who }: Answer, narrow: Narrow): Can | Fault | undefined {
  if (deployment === undefined || who === undefined) return undefined;
  try {
    return deployment.can(who, narrow);
  } catch (error) {
    return fault(error);
  }
}

/** The tree, with the way of the request where there is one. */
export function tree({ deployment, who, asked }: Answer): Drawing | undefined {
  if (deployment === undefined) return undefined;
  return deployment.tree(who === undefined || asked === undefined ? {} : { who, request: asked });
}

function asking(asker: Asker, claims: Claims | undefined, now: Date): Who {
  const [role, identityId] = [asker.role.trim(), asker.identityId.trim()];
  const exchange = {
    now: instant(now),
    ...(role === "" ? {} : { role }),
    ...(identityId === "" ? {} : { identityId }),
  };
  if (asker.mode === "guest") return { guest: true, ...exchange };
  if (asker.mode === "token") return { claims: claims?.text ?? "", ...exchange };
  const { arn, groups, tags, keys } = asker.principal;
  const named = (pairs: typeof tags) => pairs.filter(({ name }) => name.trim() !== "");
  return {
    principal: arn.trim(),
    groups: groups.flatMap(listed),
    tags: Object.fromEntries(named(tags).map(({ name, value }) => [name.trim(), value])),
    context: Object.fromEntries(named(keys).map(({ name, value }) => [name.trim(), value])),
  };
}

export function fault(error: unknown): Fault {
  if (error instanceof BailiwickError) return { code: error.code, summary: error.summary, help: error.help };
  return { code: "", summary: error instanceof Error ? error.message : String(error), help: "" };
}
