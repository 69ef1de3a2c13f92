// Every page that exists, as everybody who may see it: no fault of axe in light and dark, on the narrowest phone and on a
// desk; nothing sticks out; one h1, a language, a title. SANGO names the program, ROUTES the list of its pages.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { crawl, judge, route_finder } from "./crawl.mjs";
import { day, fill, open_site, press } from "./site.mjs";

const paths = execFileSync(process.env.ROUTES, { encoding: "utf8" }).trim().split("\n");
const route_of = route_finder(paths);
const seen = new Set();
let site;
let facility;
let offered; // a mother who was offered a place

before(async () => {
  site = await open_site();
  const house = site.account("facility");
  facility = house.facility;
  const stay = { facility, care: "stay", start: day(10), end: day(12), message: "" };
  await site.api(await site.fresh(), "POST", "/bookings", stay);
  // One place, taken, waited for, given back.
  await site.api(house, "PUT", `/facilities/${facility}/capacity`, { care: "day", from: day(30), to: day(30), capacity: 1 });
  const first = await site.fresh();
  const taken = await site.api(first, "POST", "/bookings", { ...stay, care: "day", start: day(30), end: day(30) });
  offered = await site.fresh();
  await site.api(offered, "POST", "/waits", { facilities: [facility], care: "day", from: day(30), to: day(30), nights: 0, mode: "ask", notice_hours: 1 });
  await site.api(first, "POST", `/bookings/${taken.id}/cancel`, { reason: "" });
  await site.until("an offer", async () => (await site.api(offered, "GET", "/offers")).offers.length > 0);
  await versions();
  for (let worker = 0; worker < 2; worker++) work();
});
after(() => site?.close());

// A version that comes, so that two can be compared, and a draft of the one after it.
async function versions() {
  const { page, go, context } = await site.enter(site.account("city_admin"));
  for (const from of ["2031-04-01", "2032-04-01"]) {
    await go("/city/rules/new");
    await fill(page, { rules_from: from, rules_name: `${from}からの定め` });
    await press(page, "下書きを作る");
    if (from.startsWith("2032")) break;
    await go("/city/rules/draft/publish");
    await fill(page, { publish_reason: "改正", publish_sure: true });
    await press(page, "公布する");
  }
  await context.close();
}

// The walks go on two at a time, behind the tests that report them.
const walks = [];
function walking(name, walked) {
  const walk = { walked };
  walk.done = new Promise((fine, bad) => Object.assign(walk, { fine, bad }));
  walk.done.catch(() => {}); // its test tells
  walks.push(walk);
  test(name, () => walk.done);
}
async function work() {
  for (let walk = walks.shift(); walk; walk = walks.shift()) await walk.walked().then(walk.fine, walk.bad);
}

async function walk(visitor, starts, within) {
  const found = await crawl(visitor.page, site.url(""), starts, route_of, within);
  found.seen.forEach((route) => seen.add(route));
  await visitor.context.close();
  assert.deepEqual(found.faults, []);
}

walking("everybody", async () => {
  await walk(await site.visitor(), ["/", "/login", "/account", "/register/sent", "/forgot/sent", "/account/confirm?token=none", "/account/reset?token=none", "/search?care=day&date=2026-06-05&age=2&multiples=1", "/search?q=nowhere"]);
});

const check = (start, end) => `/me/book/check?care=stay&facility=${facility}&start=${start}&end=${end}`;

for (const state of ["unregistered", "submitted", "returned", "exempt", "twins", "used_up"]) {
  walking(`a resident: ${state}`, async () => {
    await walk(await site.enter(site.account("resident", { state })), ["/me", check(day(14), day(15))], state === "unregistered" ? /^\/me/ : /^\/me(?!\/registration\/)/);
  });
}

walking("a resident: expecting", async () => {
  const expecting = site.account("resident", { login: "submitted2@demo.example.jp" });
  await walk(await site.enter(expecting), ["/me"], /^\/me\/children/);
});

walking("a resident: approved, with an offer", async () => {
  const steps = ["/me", "/me/book", `/me/book?care=stay&facility=${facility}`, check(day(14), day(16)), check(day(14), day(29)), "/me/waits/new"];
  await walk(await site.enter(offered), [...steps, "/me/registration/edit"]);
});

walking("the staff of a facility", async () => {
  await walk(await site.enter(site.account("facility")), ["/facility", "/facility/blocks"], /^\/facility(?!\w)/);
});

walking("a coordinator", async () => {
  const visitor = await site.enter(site.account("coordinator"));
  await visitor.go(`/city/residents?words=${encodeURIComponent(offered.name)}`);
  const book = await visitor.page.locator("main a[href$='/book']").first().getAttribute("href");
  const asked = (start, end) => `${book.replace(/book$/, "check")}?care=stay&facility=${facility}&start=${start}&end=${end}`;
  await walk(visitor, ["/city", visitor.page.url(), asked(day(20), day(22)), asked(day(20), day(40))], /^\/city/);
});

walking("the administrator", async () => {
  await walk(await site.enter(site.account("city_admin")), ["/city", "/city/rules/new", "/city/rules/draft/cares?row=0", "/city/rules/draft/cancel"], /^\/city/);
});

walking("the auditor", async () => {
  await walk(await site.enter(site.account("auditor")), ["/city/audit"], /^\/city\/audit/);
});

test("no page was missed", () => {
  assert.deepEqual(paths.filter((path) => !seen.has(path)), []);
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
