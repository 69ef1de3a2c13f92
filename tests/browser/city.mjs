// What the city does: the coordinators' queue, booking for those who telephone, and what the administrator sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { day, fill, heading, open_site, picture, press } from "./site.mjs";

let site;
let coordinator;
let admin;

before(async () => {
  site = await open_site();
  coordinator = await site.enter(site.account("coordinator"), { width: 1280, height: 900 });
  admin = await site.enter(site.account("city_admin"), { width: 1280, height: 900 });
});
after(() => site?.close());

test("the coordinator reads, talks and approves", async () => {
  const { page, go } = coordinator;
  await go("/city/registrations");
  await picture(page, "city-queue");
  await press(page, "いちばん古い申請を開く");
  const name = (await heading(page)).replace(/（.*/s, "");
  const mother = site.account("resident", { name });
  assert.equal(mother.state, "submitted");
  await picture(page, "city-registration");
  await fill(page, { interview: "電話でお話しした。夜の授乳で疲れている。", needs: true });
  await press(page, "面談を記録する");
  assert.match(await page.innerText("main"), /夜の授乳で疲れている/);
  await fill(page, { household_class: "taxed" });
  await press(page, "承認する");
  const me = await site.api(mother, "GET", "/me");
  assert.equal(me.pools[0].left, 7);
  await go("/city/registrations");
  assert.equal(await page.locator("main tbody", { hasText: name }).count(), 0);
});

test("another one is sent back with what to mend", async () => {
  const { page, go } = coordinator;
  await go("/city/registrations/next");
  const name = (await heading(page)).replace(/（.*/s, "");
  await press(page, "差し戻し");
  await press(page, /直して|差し戻/); // without a reason: the page comes back
  assert.ok((await page.locator(".errors li").count()) > 0);
  await fill(page, { reason: "赤ちゃんの生まれた日をご確認ください。" });
  await press(page, /直して|差し戻/);
  const mother = await site.enter(site.account("resident", { name }));
  await mother.go("/me/registration");
  assert.match(await mother.page.innerText("main"), /赤ちゃんの生まれた日をご確認ください/);
  await mother.context.close();
});

test("the coordinator books for a mother who telephones", async () => {
  const { page, go } = coordinator;
  const mother = await site.fresh();
  const house = site.account("facility", {}, 2);
  await go("/city/residents");
  await fill(page, { words: mother.name });
  await press(page, "さがす");
  await press(page, "予約を代行");
  await fill(page, { care: "stay", facility: house.facility, start: day(15), end: day(17) });
  await press(page, "料金と空きを確かめる");
  assert.match(await page.innerText("main"), /6,200円/);
  await picture(page, "city-behalf");
  await press(page, "この内容で申し込む");
  const [made] = (await site.api(mother, "GET", "/bookings")).bookings;
  assert.equal(made.start, day(15));
  await go(`/city/bookings/${made.id}`);
  assert.match(await page.innerText("main"), new RegExp(mother.name));
  await go("/city/bookings");
  assert.match(await page.innerText("main"), new RegExp(mother.name));
  await picture(page, "city-bookings");
});

test("all places of all facilities on one page", async () => {
  const { page, go } = coordinator;
  await go("/city/vacancies");
  assert.equal(await page.locator("main tbody tr").count(), 11);
  await picture(page, "city-vacancies");
  await go("/city/waits");
  assert.ok((await page.locator("main tbody tr").count()) > 0);
});

test("the statistics are the API's, and the file opens in Excel", async () => {
  const { page, go, context } = coordinator;
  await go("/city/statistics");
  const { rows } = await site.api(site.account("coordinator"), "GET", "/statistics/usage?from_fy=2019&to_fy=2025");
  const text = await page.innerText("main");
  for (const row of rows) assert.ok(text.includes(row.uses.toLocaleString("en")), `${row.era} ${row.care} ${row.uses}`);
  await picture(page, "city-statistics");
  for (const path of ["/city/statistics.csv", "/city/claims.csv"]) {
    const file = await context.request.get(site.url(path));
    assert.match(file.headers()["content-type"], /^text\/csv/);
    assert.deepEqual([...(await file.body()).subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  }
  await go("/city/claims");
  await picture(page, "city-claims");
});

test("the administrator sees staff, facilities and the audit record", async () => {
  const { page, go } = admin;
  for (const path of ["/city", "/city/staff", "/city/facilities", "/city/audit"]) {
    const answer = await go(path);
    assert.equal(answer.status(), 200, path);
    assert.equal(await page.locator("h1").count(), 1, path);
    await picture(page, `city-admin${path.replace("/city", "").replace("/", "-")}`);
  }
  assert.match(await page.innerText("main"), /監査/);
  const auditor = await site.enter(site.account("auditor"), { width: 1280 });
  assert.equal((await auditor.go("/city/audit")).status(), 200);
  assert.equal((await auditor.go("/city/staff")).status(), 403);
  await auditor.context.close();
});

test("who may not see a page is told so, whoever asks", async () => {
  const mother = await site.enter(site.account("resident", { state: "approved" }, 1));
  for (const path of ["/city", "/city/registrations", "/facility", "/facility/requests"]) {
    assert.ok([403, 404].includes((await mother.go(path)).status()), path);
  }
  await mother.context.close();
});
