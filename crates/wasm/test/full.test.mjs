// The full build in node: a folder is opened, asked, explained, listed, drawn, and its artifact decides the same.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const npm = new URL("../../../target/npm/", import.meta.url);
const shop = new URL("../../../fixtures/shop/", import.meta.url);
const { BailiwickError, load, loadCatalogue, openDeployment } = await import(new URL("full/entry.node.js", npm));

const names = readdirSync(shop, { recursive: true }).filter((name) => /\.(json|toml)$/.test(name));
const files = Object.fromEntries(names.map((name) => [name.replaceAll("\\", "/"), readFileSync(new URL(name, shop), "utf8")]));
const who = { claims: files["claims/seller.json"] };
const photo = { action: "s3:GetObject", resource: "arn:aws:s3:::shop-media/org-tea/oolong.jpg" };

test("the catalogue is a file of the package, and nothing else is taken for one", async () => {
  assert.equal(await loadCatalogue(readFileSync(new URL("full/catalog.gz", npm))) > 300, true);
  await assert.rejects(loadCatalogue("{}"), { code: "E280" });
});

test("a folder answers, and its artifact answers the same", () => {
  const { findings, deployment } = openDeployment(files);
  assert.ok(findings.length > 0 && findings.every(({ code }) => code.startsWith("L")));
  const session = load(deployment.artifact()).session(who.claims);
  const direct = deployment.engine().session(who.claims);
  for (const resource of [photo.resource, "arn:aws:s3:::shop-media/org-coffee/mocha.jpg"]) {
    const { allowed, layer, statements, statement } = deployment.explain(who, { ...photo, resource });
    assert.equal(session.decide(photo.action, resource).allowed, allowed);
    assert.equal(direct.decide(photo.action, resource).layer, layer);
    const by = statements.find(({ id }) => id === statement);
    assert.equal(session.decide(photo.action, resource).sid, by?.sid);
    if (by !== undefined) assert.match(files[by.policy].slice(...by.span), /"OwnObjects"/);
  }
  assert.equal(deployment.can(who, { action: "orders:*" }).rows.length, 1);
  assert.ok(deployment.tree({ who, request: photo }).boxes.some(({ lit }) => lit));
  deployment.free();
  assert.throws(() => deployment.who(who), (error) => error instanceof BailiwickError && error.code === "E264");
});

test("what is refused has findings and no deployment", () => {
  const { findings, deployment } = openDeployment({ ...files, "policies/seller.json": '{"Statement": 1}' });
  assert.equal(deployment, undefined);
  assert.ok(findings.some(({ file, severity }) => file === "policies/seller.json" && severity === "error"));
});

test("folders that come and go leave the memory as it was", () => {
  const round = () => {
    const { deployment } = openDeployment(files);
    deployment.explain(who, photo);
    deployment.tree({ who, request: photo });
    deployment.free();
  };
  for (let i = 0; i < 20; i++) round();
  const before = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 60; i++) round();
  const after = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
  assert.ok(after - before < 4 << 20, `${after - before} bytes more`);
});
