// The workload's statements in the terms of other engines. It writes few operators, and each is here.

const VARIABLE = "${aws:PrincipalTag/tenant}";

const list = (value) => (Array.isArray(value) ? value : [value]);

/** A statement's tests: operator, key, values. */
function tests(statement) {
  return Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values) })));
}

export function statements(workload) {
  return workload.documents.flatMap((text) => list(JSON.parse(text).Statement));
}

/** What stands between a service's prefix and the first separator, and the rest with the separator. */
function cut(workload, resource) {
  const service = workload.services.find(({ prefix }) => resource.startsWith(prefix));
  const below = service && resource.slice(service.prefix.length);
  const at = below?.indexOf(service.separator) ?? -1;
  return at < 0 ? undefined : { owner: below.slice(0, at), rest: below.slice(at) };
}

// ---- Cedar

const quoted = JSON.stringify;

export function cedarPolicies(workload) {
  return statements(workload).map(cedarPolicy).join("\n");
}

function cedarPolicy(statement) {
  const parts = tests(statement).map(cedarTest);
  const resources = list(statement.Resource).map((pattern) => {
    const [before, after] = pattern.split(VARIABLE);
    return after === undefined
      ? `resource.arn like ${quoted(pattern)}`
      : `(resource has owner && resource.owner == principal.tenant && resource.arn like ${quoted(`${before}*`)} && resource.rest like ${quoted(after)})`;
  });
  parts.push(`(${resources.join(" || ")})`);
  const actions = list(statement.Action).map((action) => `Action::${quoted(action)}`).join(", ");
  const effect = statement.Effect === "Deny" ? "forbid" : "permit";
  return `@id(${quoted(statement.Sid)}) ${effect}(principal, action in [${actions}], resource) when { ${parts.join(" && ")} };`;
}

function cedarTest({ operator, key, values }) {
  const among = (subject) => (values.length === 1 ? `${subject} == ${quoted(values[0])}` : `[${values.map(quoted).join(", ")}].contains(${subject})`);
  const ranges = () => `(${values.map((network) => `context.ip.isInRange(ip(${quoted(network)}))`).join(" || ")})`;
  const [, tag] = key.split("Tag/");
  switch (operator) {
    case "ForAnyValue:StringEquals": return `principal in [${values.map((group) => `Group::${quoted(group)}`).join(", ")}]`;
    case "StringEquals":
      if (key.startsWith("aws:PrincipalTag/")) return among(`principal.${tag}`);
      return values[0] === VARIABLE ? "(resource has tenant && resource.tenant == principal.tenant)" : `(resource has ${tag} && ${among(`resource.${tag}`)})`;
    case "StringNotEquals":
      return values[0] === VARIABLE ? "!(resource has tenant && resource.tenant == principal.tenant)" : `!(resource has ${tag} && ${among(`resource.${tag}`)})`;
    case "StringLike": return `(resource has ${tag} && resource.${tag} like ${quoted(values[0])})`;
    case "IpAddress": return ranges();
    case "NotIpAddress": return `!${ranges()}`;
    case "DateLessThan": return `context.time < ${Date.parse(values[0]) / 1000}`;
    case "Bool": return `context.mfa == ${values[0]}`;
    default: throw new Error(`no translation of ${operator}`);
  }
}

/** The call of each case, for `isAuthorized` and `statefulIsAuthorized` alike. */
export function cedarCalls(workload) {
  const patterns = [...new Set(statements(workload).flatMap(({ Action }) => list(Action)).filter((action) => action.endsWith("*")))];
  return workload.cases.map((asked) => {
    const person = workload.people[asked.person];
    const principal = { type: "User", id: person.subject };
    const action = { type: "Action", id: asked.action };
    const resource = { type: "Resource", id: asked.resource };
    const within = patterns.filter((pattern) => asked.action.startsWith(pattern.slice(0, -1))).map((id) => ({ type: "Action", id }));
    return {
      principal, action, resource,
      context: { ip: { __extn: { fn: "ip", arg: asked.address } }, time: asked.time, mfa: person.mfa },
      entities: [
        { uid: principal, attrs: person.tags, parents: person.groups.map((id) => ({ type: "Group", id })) },
        { uid: resource, attrs: { ...asked.tags, arn: asked.resource, ...cut(workload, asked.resource) }, parents: [] },
        { uid: action, attrs: {}, parents: within },
      ],
    };
  });
}

// ---- casbin: a row for each statement, `-` in a column means any; what the columns cannot say is in functions.

export const MODEL = `
[request_definition]
r = sub, action, res, ctx

[policy_definition]
p = action, resource, tests, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = like(r.action, p.action, r.sub) && like(r.res, p.resource, r.sub) && holds(r.sub, r.ctx, p.tests)
`;

export function casbinRows(workload) {
  return statements(workload).map((statement) => [
    list(statement.Action).join("|"), list(statement.Resource).join("|"), JSON.stringify(tests(statement)),
    statement.Effect.toLowerCase(),
  ]);
}

export function casbinRequests(workload) {
  return workload.cases.map((asked) => {
    const { tags, groups, mfa } = workload.people[asked.person];
    return [{ tags, groups, mfa }, asked.action, asked.resource, { tags: asked.tags, address: number(asked.address), time: asked.time }];
  });
}

const parsed = new Map();

function remembered(text, parse) {
  let value = parsed.get(text);
  if (value === undefined) parsed.set(text, value = parse(text));
  return value;
}

const number = (address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

export const casbinFunctions = {
  like(held, patterns, { tags }) {
    return patterns.split("|").some((pattern) => {
      const text = pattern.replace(VARIABLE, tags.tenant);
      return remembered(text, (glob) => new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "s")).test(held);
    });
  },
  holds(person, asked, text) {
    return remembered(text, JSON.parse).every(({ operator, key, values }) => {
      const [, tag] = key.split("Tag/");
      const wanted = values[0] === VARIABLE ? [person.tags.tenant] : values;
      const held = key.startsWith("aws:PrincipalTag/") ? person.tags[tag] : asked.tags[tag];
      const near = () => values.some((network) => {
        const [base, bits] = network.split("/");
        return Math.floor(asked.address / 2 ** (32 - bits)) === Math.floor(number(base) / 2 ** (32 - bits));
      });
      switch (operator) {
        case "ForAnyValue:StringEquals": return values.some((group) => person.groups.includes(group));
        case "StringEquals": return wanted.includes(held);
        case "StringNotEquals": return !wanted.includes(held);
        case "StringLike": return held !== undefined && held.startsWith(values[0].slice(0, -1));
        case "IpAddress": return near();
        case "NotIpAddress": return !near();
        case "DateLessThan": return asked.time < Date.parse(values[0]) / 1000;
        case "Bool": return String(person.mfa) === values[0];
        default: throw new Error(`no translation of ${operator}`);
      }
    });
  },
};
