// What the staff of a facility does in a day.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { day, fill, heading, open_site, picture, press, spoken } from "./site.mjs";

let site;
let midwife;
const asked = []; // two requests of two mothers

before(async () => {
  site = await open_site();
  const account = site.account("facility");
  while (asked.length < 2) {
    const mother = await site.fresh();
    const start = day(20 + 3 * asked.length);
    const booking = await site.api(mother, "POST", "/bookings", { facility: account.facility, care: "stay", start, end: day(22 + 3 * asked.length), message: "夜はゆっくり眠りたいです。" });
    asked.push({ mother, start, ...booking });
  }
  midwife = await site.enter(account, { width: 1280, height: 900 });
});
after(() => site?.close());

test("a wrong code does not open the door", async () => {
  const { page, go, context } = await site.visitor();
  const account = site.account("facility", {}, 1);
  await go("/login");
  await fill(page, { login: account.login, password: account.password });
  await press(page, "ログインする");
  assert.match(await page.innerText(".errors"), /確認コード/);
  await fill(page, { password: account.password, otp: "000000" });
  await press(page, "ログインする");
  assert.equal(await page.locator(".errors").count(), 1);
  await context.close();
});

test("the board shows the day and what waits for an answer", async () => {
  const { page, go } = midwife;
  await go("/facility");
  assert.equal(await heading(page), "今日の予定");
  assert.match(await page.innerText("main"), /返事を待っている申込みが\d件/);
  await picture(page, "facility-board");
});

test("she accepts one request and declines another with a reason", async () => {
  const { page, go } = midwife;
  await go("/facility/requests");
  await picture(page, "facility-requests");
  const card = (booking) => page.locator("li.card", { hasText: spoken(booking.start) }).filter({ hasText: booking.mother.name });
  await Promise.all([page.waitForNavigation(), card(asked[0]).getByRole("button", { name: /受け入れる/ }).click()]);
  assert.equal((await site.api(asked[0].mother, "GET", `/bookings/${asked[0].id}`)).state, "confirmed");
  await go("/facility/requests");
  assert.equal(await card(asked[0]).count(), 0);
  await Promise.all([page.waitForNavigation(), card(asked[1]).getByRole("link", { name: /断る/ }).click()]);
  await page.locator("main .btn-primary, main .btn-danger").first().click();
  await page.waitForLoadState();
  assert.equal(await page.locator(".errors").count(), 1, "a reason is asked for");
  await page.locator("[name=why]").first().check();
  await fill(page, { reason: "お産が重なっています。" });
  await picture(page, "facility-decline");
  await Promise.all([page.waitForNavigation(), page.locator("main .btn-primary, main .btn-danger").first().click()]);
  const declined = await site.api(asked[1].mother, "GET", `/bookings/${asked[1].id}`);
  assert.equal(declined.state, "declined");
});

test("she opens places and blocks a bed in two taps", async () => {
  const { page, go } = midwife;
  const { facility } = midwife.account;
  await go("/facility/week");
  assert.match(await page.innerText("main"), /ショートステイ/);
  await picture(page, "facility-week");
  await go("/facility/capacity");
  await fill(page, { care: "day", from: day(40), to: day(41), capacity: 5 });
  await press(page, "この枠にする");
  const { days } = await site.api(null, "GET", `/vacancies?care=day&from=${day(40)}&to=${day(41)}&facility=${facility}`);
  assert.deepEqual(days.map((one) => one.capacity), [5, 5]);
  const tonight = async () => (await site.api(null, "GET", `/vacancies?care=stay&from=${day()}&to=${day()}&facility=${facility}`)).days[0].open;
  const before_block = await tonight();
  await go("/facility/week");
  await press(page, "お産などでふさぐ");
  await picture(page, "facility-block");
  await press(page, /今夜から/);
  assert.equal(await tonight(), before_block - 1);
  await go("/facility/blocks");
  await press(page, "ふさぐのをやめる");
  assert.equal(await tonight(), before_block);
});

test("she receives a mother and closes the day with a report", async () => {
  const { page, go, context } = await site.enter(site.account("facility", {}, 4), { width: 1280, height: 900 });
  const { facility } = site.account("facility", {}, 4);
  const mother = await site.fresh();
  await site.api(site.account("facility", {}, 4), "PUT", `/facilities/${facility}/capacity`, { care: "day", from: day(1), to: day(1), capacity: 2 });
  const booking = await site.api(mother, "POST", "/bookings", { facility, care: "day", start: day(1), end: day(1), message: "" });
  await go(`/facility/bookings/${booking.id}`);
  assert.match(await page.innerText("main"), new RegExp(mother.name));
  if (booking.state === "requested") await press(page, "受け入れる");
  await context.close();
  await site.restart(27 * 3600); // tomorrow at noon
  const tomorrow = await site.enter(site.account("facility", {}, 4), { width: 1280, height: 900 });
  await tomorrow.go("/facility");
  assert.match(await tomorrow.page.innerText("main"), new RegExp(mother.name));
  await picture(tomorrow.page, "facility-board");
  await tomorrow.go(`/facility/bookings/${booking.id}`);
  await press(tomorrow.page, "来所");
  assert.equal((await site.api(mother, "GET", `/bookings/${booking.id}`)).state, "in-use");
  await tomorrow.go(`/facility/bookings/${booking.id}`);
  await press(tomorrow.page, "利用終了");
  await fill(tomorrow.page, { report: "授乳の相談をし、3時間眠られました。" });
  await tomorrow.page.locator("main .btn-primary").first().click();
  await tomorrow.page.waitForLoadState();
  await tomorrow.go(`/facility/bookings/${booking.id}`);
  assert.equal((await site.api(mother, "GET", `/bookings/${booking.id}`)).state, "completed");
  assert.match(await tomorrow.page.innerText("main"), /3時間眠られました/);
  await picture(tomorrow.page, "facility-booking");
  await tomorrow.go("/facility/claims");
  assert.match(await tomorrow.page.innerText("main"), /1,200円/);
  await tomorrow.context.close();
});
