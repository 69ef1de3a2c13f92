// Every page that exists, as everybody who may see it: no fault of axe in light and dark, on the narrowest phone and on a
// desk; nothing sticks out; one h1, a language, a title. SANGO names the program, ROUTES the list of its pages.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { crawl, judge, route_finder } from "./crawl.mjs";
import { day, open_site } from "./site.mjs";

const paths = execFileSync(process.env.ROUTES, { encoding: "utf8" }).trim().split("\n");
const route_of = route_finder(paths);
const seen = new Set();
// Reached by a form or a mailed link only; each is looked at by the test named.
const elsewhere = new Map([
  ["/account/reset", "resident.mjs"],
]);
let site;

before(async () => {
  site = await open_site();
});
after(() => site?.close());

async function walk(visitor, ...starts) {
  const found = await crawl(visitor.page, site.url(""), starts, route_of);
  found.seen.forEach((route) => seen.add(route));
  await visitor.context.close();
  assert.ok(found.pages.length > 1, `only ${found.pages}`);
  assert.deepEqual(found.faults, []);
}

test("everybody", async () => {
  await walk(await site.visitor(), "/", "/login", "/register/sent", "/forgot/sent", "/account/confirm?token=none", "/account/reset?token=none");
});

test("pages of refusal", async () => {
  const { page, go, context } = await site.visitor();
  const answer = await go("/nothing/here");
  assert.equal(answer.status(), 404);
  assert.deepEqual(await judge(page), []);
  await go("/login");
  await page.fill("[name=login]", "nobody@example.jp");
  await page.fill("[name=password]", "not the password");
  await Promise.all([page.waitForNavigation(), page.locator("main .btn-primary").first().click()]);
  assert.deepEqual(await judge(page), []);
  await go("/register");
  await Promise.all([page.waitForNavigation(), page.locator("main .btn-primary").first().click()]);
  assert.deepEqual(await judge(page), []);
  await context.close();
});
