// The page as its readers have it: in Chromium, served as plain files.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { launch, opened } from "./browser.mjs";
import { serve } from "./server.mjs";

const EXAMPLES = new URL("../examples/", import.meta.url);
const WORDS = { allow: "Allowed", "implicit-deny": "Denied", "explicit-deny": "Denied", refused: "No answer" };

let site;
let browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** A page in a fresh context. Whatever goes wrong in it fails the test; `requests` is all that was asked of anybody. */
async function page(options = {}, fragment = "") {
  const permissions = ["clipboard-read", "clipboard-write"];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions, ...options });
  const requests = [];
  const refused = [];
  const troubles = [];
  // The browser asks for the icon when it pleases.
  const isIcon = (url) => url === `${site.address}icon.svg`;
  context.on("request", (request) => isIcon(request.url()) || requests.push({ url: request.url(), method: request.method() }));
  context.on("requestfailed", (request) => refused.push(`${request.failure()?.errorText} ${request.url()}`));
  context.on("weberror", (error) => troubles.push(error.error().message));
  context.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  const page = await opened(context, site.address + fragment);
  return { page, context, requests, refused, done: async () => {
    await context.close();
    assert.deepEqual(troubles, []);
  } };
}

const verdict = (page) => page.locator("#verdict .word").textContent();

async function becomes(page, word) {
  await page.locator("#verdict .word", { hasText: word }).waitFor({ timeout: 5000 });
}

/** Pastes a text over what an editor holds. */
async function paste(page, editor, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.locator(`${editor} .cm-content`).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Control+V");
}

const policy = (effect) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Typed", Effect: effect, Action: "s3:GetObject", Resource: "*" }] }, null, 2);

test("it opens with an example that is decided, and says that nothing leaves the browser", async () => {
  const { page: it, done } = await page();
  assert.equal(await verdict(it), "Allowed");
  assert.match(await it.locator("#verdict .sentence").textContent(), /OwnObjects of policies\/seller\.json allows it/);
  assert.match(await it.locator("footer").textContent(), /Nothing you type leaves this browser/);
  assert.equal(await it.locator("#editor .st-allow").count(), 6, "the deciding statement has six lines");
  assert.ok((await it.locator("#editor .cl-yes").count()) >= 2, "its clauses are tinted");
  await done();
});

test("a policy is typed, and the decision follows; what is wrong gets a squiggle", async () => {
  const { page: it, done } = await page();
  await paste(it, "#editor", policy("Deny"));
  await becomes(it, "Denied");
  assert.match(await it.locator("#verdict .sentence").textContent(), /Typed of policies\/seller\.json denies it/);
  await paste(it, "#editor", policy("Alow"));
  await becomes(it, "No answer");
  assert.ok((await it.locator("#editor .cm-lintRange-error").count()) >= 1);
  assert.match(await it.locator("#findings .finding.error").first().textContent(), /E0\d\d.*Alow/);
  // By hand: one letter is missing.
  await it.locator("#editor .cm-line", { hasText: "Alow" }).click();
  await it.keyboard.press("End");
  for (let i = 0; i < 4; i++) await it.keyboard.press("ArrowLeft");
  await it.keyboard.type("l");
  await becomes(it, "Allowed");
  assert.equal(await it.locator("#editor .cm-lintRange-error").count(), 0);
  await done();
});

test("a request is changed, and so is a clause's tint", async () => {
  const { page: it, done } = await page();
  await it.getByLabel("Resource", { exact: true }).fill("arn:aws:s3:::shop-media/org-coffee/mocha.jpg");
  await becomes(it, "Denied");
  assert.match(await it.locator("#verdict .detail").textContent(), /Nearest is OwnObjects.*org-tea.*org-coffee/);
  assert.match(await it.locator("#editor .cl-no").first().textContent(), /PrincipalTag\/org/);
  assert.match(await it.locator("#why .card.near .clause.no").first().textContent(), /resource/);
  await it.getByLabel("Action", { exact: true }).fill("GetObject");
  await becomes(it, "No answer");
  await done();
});

test("claims tell what each became; a pasted token is decoded; a strange one is refused", async () => {
  const { page: it, done } = await page();
  const row = it.locator(".claims tr", { hasText: "custom:org" }).first();
  assert.match(await row.textContent(), /aws:PrincipalTag\/org/);
  const claims = JSON.parse(readFileSync(new URL("../../fixtures/shop/claims/coffee-owner.json", import.meta.url), "utf8"));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  await paste(it, "#token", `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`);
  await becomes(it, "Denied");
  assert.match(await it.locator("#who").textContent(), /signature is not checked here.*org-coffee/i);
  await paste(it, "#token", JSON.stringify({ ...claims, iss: "https://elsewhere.example" }));
  await becomes(it, "No answer");
  assert.match(await it.locator("#who .refusal").textContent(), /E160/);
  await done();
});

test("a link carries all of it after the #, and opens to the same scene", async () => {
  const { page: it, context, requests, done } = await page();
  await paste(it, "#editor", policy("Deny"));
  await it.getByLabel("Action", { exact: true }).fill("s3:GetObject");
  await becomes(it, "Denied");
  await it.locator("#share").click();
  await it.getByText("Link copied").waitFor();
  const link = await it.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.startsWith(`${site.address}#1.`), link.slice(0, 60));
  const other = await opened(context, link);
  assert.equal(await verdict(other), "Denied");
  assert.match(await other.locator("#editor .cm-content").textContent(), /Typed/);
  assert.equal(await other.getByLabel("Action", { exact: true }).inputValue(), "s3:GetObject");
  assert.ok(requests.every(({ url }) => !url.includes("1.") || !url.includes("#1.")), "no request carries the scene");
  await done();
});

test("links that hold no scene are told, and do no harm", async () => {
  const zip = async (text) => {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url");
  };
  const shapes = ["null", "{}", '{"example":1}', JSON.stringify({ example: "", files: [], asker: {}, ask: {} })];
  const fragments = ["2.abc", "1.", "1.%%%", "1.AAAA", ...(await Promise.all(shapes.map(zip))).map((text) => `1.${text}`)];
  fragments.push(`1.${await zip(" ".repeat(5 << 20))}`);
  const { page: it, done } = await page();
  for (const fragment of fragments) {
    await it.evaluate((hash) => (location.hash = hash), fragment);
    await it.locator("dialog[open]", { hasText: "cannot be opened" }).waitFor({ timeout: 5000 });
    await it.keyboard.press("Escape");
    assert.equal(await verdict(it), "Allowed", fragment.slice(0, 40));
  }
  await done();
});

test("nothing leaves the page: files of its own server, then silence, and the policy holds", async () => {
  const { page: it, requests, refused, done } = await page();
  for (const { url, method } of requests) {
    assert.equal(method, "GET");
    assert.ok(url.startsWith(site.address) && !url.includes("?"), url);
  }
  const before = requests.length;
  await paste(it, "#editor", policy("Deny"));
  await becomes(it, "Denied");
  for (const tab of ["#tab-can", "#tab-tree", "#tab-why"]) await it.click(tab);
  await it.selectOption("#example", "perimeter");
  await becomes(it, "Allowed");
  await it.locator("#share").click();
  await it.waitForTimeout(300);
  assert.equal(requests.length, before, JSON.stringify(requests.slice(before)));
  const blocked = await it.evaluate(async () => {
    const broken = [];
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => broken.push(effectiveDirective));
    const tried = await fetch("https://collector.example/").then(() => "sent", () => "blocked");
    const image = new Image();
    image.src = "https://collector.example/pixel.png";
    const form = document.createElement("form");
    form.action = "https://collector.example/";
    document.body.append(form);
    form.submit();
    await new Promise((done) => setTimeout(done, 300));
    return { tried, broken };
  });
  assert.equal(blocked.tried, "blocked");
  assert.deepEqual(blocked.broken.sort(), ["connect-src", "form-action", "img-src"]);
  // Chromium tells of a request that it has refused to make: each must be one of those.
  const strange = requests.slice(before).map(({ url }) => `csp ${url}`);
  assert.deepEqual(strange.filter((request) => !refused.includes(request)), []);
  await done().catch(({ message }) => assert.match(message, /Content Security Policy/));
});

test("what it can do, and the filters", async () => {
  const { page: it, done } = await page();
  await it.click("#tab-can");
  const counted = () => it.locator("#can-count").textContent();
  assert.equal(await counted(), "10 actions of 3 services");
  await it.getByLabel("Find", { exact: true }).fill("order");
  assert.equal(await counted(), "2 actions of 1 service");
  await it.getByLabel("Find", { exact: true }).fill("");
  await it.getByLabel("Write", { exact: true }).uncheck();
  assert.equal(await counted(), "6 actions of 3 services");
  await it.getByLabel("Service", { exact: true }).selectOption("s3");
  assert.equal(await counted(), "2 actions of 1 service");
  await it.getByLabel("Write", { exact: true }).check();
  await it.getByLabel("May meet this resource").fill("arn:aws:s3:::shop-media/org-coffee/x.jpg");
  assert.equal(await counted(), "Nothing of this kind is allowed.");
  await it.getByLabel("May meet this resource").fill("coffee");
  assert.match(await it.locator("#can-rows").textContent(), /is not a resource/);
  await done();
});

test("the tree is drawn, and the way of the request is lit", async () => {
  const { page: it, done } = await page();
  await it.click("#tab-tree");
  const lit = () => it.locator("#tree .leaf.lit").allTextContents();
  assert.ok((await lit()).some((text) => text.includes("OwnObjects")));
  assert.ok((await it.locator("#tree .edge.lit").count()) < (await it.locator("#tree .edge").count()));
  await it.getByLabel("Action", { exact: true }).fill("orders:Ship");
  await it.locator("#tree .leaf.lit", { hasText: "OwnOrders" }).waitFor();
  assert.ok(!(await lit()).some((text) => text.includes("OwnObjects")));
  await done();
});

test("every try of every example gives the answer that it promises", async () => {
  const { page: it, done } = await page();
  const ids = readdirSync(EXAMPLES);
  assert.equal(ids.length, 6);
  for (const id of ids) {
    const { tries } = JSON.parse(readFileSync(new URL(`${id}/scene.json`, EXAMPLES), "utf8"));
    await it.selectOption("#example", id);
    for (const { name, expect } of tries) {
      await it.locator("#tries").getByRole("button", { name, exact: true }).click();
      assert.equal(await verdict(it), WORDS[expect], `${id}: ${name}`);
    }
  }
  await done();
});

test("all of it is reached by keyboard", async () => {
  const { page: it, done } = await page();
  await it.keyboard.press("Tab");
  assert.equal(await it.evaluate(() => document.activeElement.textContent), "Skip to the answer");
  await it.locator("#tab-why").focus();
  await it.keyboard.press("ArrowRight");
  assert.ok(await it.locator("#can").isVisible());
  await it.keyboard.press("ArrowRight");
  assert.ok(await it.locator("#tree").isVisible());
  await it.locator("#files button", { hasText: "admin.json" }).focus();
  await it.keyboard.press("Enter");
  assert.match(await it.locator("#editor .cm-content").textContent(), /NoDeletingWithoutSecondFactor/);
  // The editor lets go of the keyboard.
  await it.locator("#editor .cm-content").focus();
  await it.keyboard.press("Tab");
  assert.notEqual(await it.evaluate(() => document.activeElement.id), "editor");
  await it.locator("#ask").getByRole("button", { name: "Add a key" }).focus();
  await it.keyboard.press("Enter");
  await it.keyboard.type("aws:SourceIp");
  assert.equal(await it.getByLabel("Key 3, name").inputValue(), "aws:SourceIp");
  await done();
});

for (const colorScheme of ["light", "dark"]) {
  test(`no violations for axe: ${colorScheme}`, async () => {
    const { page: it, done } = await page({ colorScheme });
    await it.evaluate(axe.source);
    const check = async (state) => {
      const { violations } = await it.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`);
      assert.deepEqual(told, [], state);
    };
    await check("allowed, why");
    await it.locator("#tries button").nth(1).click();
    await it.click("#tab-can");
    await check("denied, what it can do");
    await it.locator("#tries button").nth(5).click();
    await it.click("#tab-tree");
    await check("refused, tree");
    await it.getByRole("radio", { name: "AWS principal" }).check();
    await paste(it, "#editor", policy("Alow"));
    await becomes(it, "No answer");
    await it.setViewportSize({ width: 390, height: 844 });
    await check("narrow, errors");
    await done();
  });
}
