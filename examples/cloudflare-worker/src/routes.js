// What a request asks to do, in the words of the policies. What is not listed here is not there.

const ACTIONS = { GET: "albums:Get", HEAD: "albums:Get", PUT: "albums:Put", DELETE: "albums:Delete" };
const ALBUM = /^\/tenants\/([\w-]{1,64})\/albums\/([\w-]{1,128})$/;

/** @param {Request} request */
export function question(request) {
  const [, tenant, album] = ALBUM.exec(new URL(request.url).pathname) ?? [];
  const action = Object.hasOwn(ACTIONS, request.method) ? ACTIONS[request.method] : undefined;
  if (tenant === undefined || action === undefined) return undefined;
  return { action, resource: `arn:acme:albums:eu:111122223333:album/${tenant}/${album}` };
}
