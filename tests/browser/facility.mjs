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

test("she receives a mother and closes the stay with a report", async () => {
  const { page, go } = midwife;
  await go(`/facility/bookings/${asked[0].id}`);
  assert.match(await page.innerText("main"), new RegExp(asked[0].mother.name));
  await picture(page, "facility-booking");
});
