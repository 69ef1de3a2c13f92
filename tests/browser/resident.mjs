// What a mother does, from the first look to the cancelled booking.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { finger, keys } from "./hands.mjs";
import { day, fill, heading, open_site, picture, press, spoken, totp } from "./site.mjs";

let site;

before(async () => {
  site = await open_site();
});
after(() => site?.close());

test("she looks for a place without an account", async () => {
  const { page, go, context } = await site.visitor();
  await go("/");
  await picture(page, "top");
  await press(page, "いちばん早い空きを見る");
  assert.equal(await heading(page), "空きをさがす");
  await picture(page, "search");
  await page.locator("li.card h3 a").first().click();
  const facility = await heading(page);
  await picture(page, "facility");
  await press(page, "月のカレンダーで見る");
  assert.equal(await heading(page), `${facility}の空き`);
  assert.ok((await page.locator(".cal td a").count()) > 10);
  await picture(page, "calendar");
  await context.close();
});

const newcomer = { login: "hanako@example.jp", password: "ねむいけれどがんばる2026" };

test("she registers an address and confirms it by mail", async () => {
  const { page, go, context } = await site.visitor();
  await go("/");
  await press(page, "はじめての方の登録");
  await fill(page, { name: "", email: "hanako@", new_password: "short" });
  await press(page, "確認のメールを受け取る");
  assert.match(await page.title(), /^入力の確認/);
  assert.ok((await page.locator(".errors li").count()) >= 2);
  assert.equal(await page.inputValue("[name=email]"), "hanako@");
  await fill(page, { name: "枚方 花子", email: newcomer.login, new_password: newcomer.password });
  await press(page, "確認のメールを受け取る");
  assert.equal(await heading(page), "確認のメールをお送りしました");
  const link = await site.mailed_link(newcomer.login, "confirm");
  await go(link.pathname + link.search);
  await press(page, "確認を終える");
  await site.sign_in(page, newcomer);
  await context.close();
});

test("she registers, one question after another", async () => {
  const { page, go, context } = await site.enter(newcomer);
  await go("/me/registration/edit");
  await picture(page, "registration");
  await press(page, "お名前");
  await press(page, "保存して次へ"); // nothing filled in: the page comes back
  assert.match(await page.title(), /^入力の確認/);
  await fill(page, { mother_name: "枚方 花子", mother_kana: "ひらかた はなこ" });
  await press(page, "保存して次へ");
  await fill(page, { mother_birth_date: "1995-04-01" });
  await press(page, "保存して次へ");
  await fill(page, { postal_code: "573-0027", address: "大阪府枚方市大垣内町2丁目1-20" });
  await press(page, "保存して、あとで続ける"); // and goes on from another telephone
  await context.close();
  const later = await site.enter(newcomer);
  await later.go("/me/registration/address");
  assert.match(await later.page.inputValue("[name=address]"), /大垣内町/);
  await press(later.page, "保存して次へ");
  await fill(later.page, { phone: "090-0000-0001" });
  await press(later.page, "保存して次へ");
  await fill(later.page, { child_name: "枚方 太郎", birth_date: day(-20) });
  await press(later.page, "保存して次へ");
  await fill(later.page, { household_class: "taxed" });
  await press(later.page, "保存して次へ");
  await fill(later.page, { note: "夜、眠れていません。" });
  await press(later.page, "保存して次へ");
  await fill(later.page, { consents: true });
  await press(later.page, "保存して次へ");
  await later.go("/me/registration/check");
  assert.match(await later.page.innerText("main"), /(ひらかた はなこ|ヒラカタ ハナコ)/);
  assert.match(await later.page.innerText("main"), /夜、眠れていません/);
  await picture(later.page, "registration-check");
  await press(later.page, "この内容で送る");
  await later.go("/me/registration");
  assert.equal(await heading(later.page), "申請の状況");
  assert.match(await later.page.innerText("main"), /確認中です/);
  await picture(later.page, "registration-status");
  await later.context.close();
});

// From her own page to the panel after booking; says the address of the booking and the form that was sent.
async function book(page, hand, { care, nights = null, pictures = false }) {
  await hand.press(page, /^予約する$/);
  assert.equal(await heading(page), "どれを利用しますか");
  await hand.choose(page, "care", care);
  await hand.press(page, "次へ");
  assert.equal(await heading(page), "どこで利用しますか");
  await hand.press(page, /^\d+月\d+日/);
  if (nights) {
    assert.equal(await heading(page), "何泊しますか");
    if (pictures) await picture(page, "book-length");
    await hand.press(page, nights);
  }
  assert.equal(await heading(page), "あてはまるものはありますか");
  await hand.choose(page, "health", "no");
  if (pictures) await picture(page, "book-health");
  await hand.press(page, "次へ");
  assert.equal(await heading(page), "内容の確認");
  assert.doesNotMatch(page.url(), /health|=no/);
  const check = await page.locator("main").innerText();
  assert.match(check, /円/);
  assert.match(check, /使える日数/);
  assert.match(check, /無料で取り消せます/);
  assert.doesNotMatch(check, /確定しました/);
  if (pictures) await picture(page, "book-check");
  const sent = await page.locator("main form").first().evaluate((form) => ({ action: form.getAttribute("action"), fields: Object.fromEntries(new FormData(form)) }));
  await hand.press(page, "この内容で");
  assert.match(new URL(page.url()).pathname, /^\/me\/bookings\/\w+$/);
  return { url: page.url(), sent };
}

async function state_of(who, page) {
  const id = new URL(page.url()).pathname.split("/").pop();
  return site.api(who, "GET", `/bookings/${id}`);
}

test("she books a stay and reads where she stands", async () => {
  const account = await site.fresh();
  const { page, go, context } = await site.enter(account);
  await go("/me");
  await picture(page, "me");
  const { url, sent } = await book(page, finger, { care: "stay", nights: "2泊", pictures: true });
  const booking = await state_of(account, page);
  const panel = await page.innerText(".panel");
  if (booking.state === "requested") {
    assert.match(panel, /申込み中（まだ確定していません）/);
    assert.match(panel, /\d+月\d+日.*\d+:\d+/s); // the promised hour
    assert.doesNotMatch(panel, /✓/);
  } else {
    assert.match(panel, /確定/);
  }
  await picture(page, "booked");

  // The same form sent again answers the same and makes no second booking.
  const again = await context.request.post(site.url(sent.action), { form: sent.fields, maxRedirects: 0 });
  assert.equal(again.status(), 303);
  assert.equal(new URL(again.headers().location, url).href, url);
  assert.equal((await site.api(account, "GET", "/bookings")).bookings.length, 1);

  // Days left are told on her own page.
  await go("/me");
  assert.match(await page.innerText("main"), /あと5|5日/);
  await go("/me/bookings");
  assert.match(await page.innerText("main"), /これからの予約/);
  await picture(page, "bookings");

  // Another day: the old place stays until the new one is certain.
  await page.goto(url);
  await press(page, "日にちを変える");
  assert.match(await page.innerText("main"), /いまの予約/);
  if ((await heading(page)) === "どれを利用しますか") {
    await finger.choose(page, "care", "stay");
    await press(page, "次へ");
  }
  if ((await heading(page)) === "どこで利用しますか") {
    await press(page, /^\d+月\d+日/);
  } else {
    await Promise.all([page.waitForNavigation(), page.locator(".cal td a").nth(12).click()]);
  }
  if ((await heading(page)) === "何泊しますか") await press(page, "1泊");
  await finger.choose(page, "health", "no");
  await press(page, "次へ");
  assert.equal(await heading(page), "内容の確認");
  await press(page, "この内容で");
  await picture(page, "changed");
  assert.notEqual(page.url(), url);

  // Giving it back, with its price said before.
  const states = (await site.api(account, "GET", "/bookings")).bookings;
  const alive = states.find((one) => ["requested", "confirmed"].includes(one.state));
  await go(`/me/bookings/${alive.id}`);
  await press(page, "予約を取り消す");
  assert.equal(await heading(page), "予約の取消し");
  assert.match(await page.innerText(".box"), /料金はかかりません|円/);
  await picture(page, "cancel");
  await press(page, "予約を取り消す");
  assert.equal((await site.api(account, "GET", `/bookings/${alive.id}`)).state, "cancelled");
  await context.close();
});

test("she books without scripts", async () => {
  const account = await site.fresh();
  const { page, go, context } = await site.enter(account, { javascript: false });
  await go("/me");
  await book(page, finger, { care: "stay", nights: "1泊" });
  assert.ok(["requested", "confirmed"].includes((await state_of(account, page)).state));
  await context.close();
});

test("she books with the keys alone", async () => {
  const account = await site.fresh();
  const { page, go, context } = await site.enter(account, { width: 1280 });
  await go("/me");
  await book(page, keys, { care: "day" });
  assert.ok(["requested", "confirmed"].includes((await state_of(account, page)).state));
  await context.close();
});

test("who says that she is ill is told what she can do, and nothing is kept", async () => {
  const account = await site.fresh();
  const { page, go, context } = await site.enter(account);
  const { facility } = site.account("facility");
  await go(`/me/book?care=day&facility=${facility}&start=${day(6)}`);
  assert.equal(await heading(page), "あてはまるものはありますか");
  await press(page, "次へ"); // nothing chosen: the page comes back
  assert.match(await page.title(), /^入力の確認/);
  await finger.choose(page, "health", "infection");
  await press(page, "次へ");
  assert.match(await page.innerText("main"), /感染症.*どこにも残していません/s);
  assert.doesNotMatch(page.url(), /infection/);
  await picture(page, "excluded");
  await press(page, "別の日をさがす");
  assert.equal(await heading(page), "いつ利用しますか");
  assert.equal((await site.api(account, "GET", "/bookings")).bookings.length, 0);
  await context.close();
});

test("beyond her days she reads what would be possible", async () => {
  const { page, go, context } = await site.enter(site.account("resident", { state: "used_up" }));
  const { facility } = site.account("facility");
  await go(`/me/book/check?care=day&facility=${facility}&start=${day(5)}&end=${day(5)}`);
  assert.match(await page.innerText("main"), /この内容では予約できません/);
  assert.match(await page.innerText("main"), /残り0日分/);
  await picture(page, "refused");
  await context.close();
});

test("she waits for a full day and is offered the place that frees", async () => {
  const house = site.account("facility", {}, 3);
  const date = day(30);
  await site.api(house, "PUT", `/facilities/${house.facility}/capacity`, { care: "day", from: date, to: date, capacity: 1 });
  const first = await site.fresh();
  const taken = await site.api(first, "POST", "/bookings", { facility: house.facility, care: "day", start: date, end: date, message: "" });
  const account = await site.fresh();
  const { page, go, context } = await site.enter(account);
  await go(`/me/book/check?care=day&facility=${house.facility}&start=${date}&end=${date}`);
  assert.match(await page.innerText("main"), /この内容では予約できません/);
  await press(page, "キャンセル待ち");
  assert.equal(await heading(page), "キャンセル待ちをする");
  await picture(page, "wish");
  await press(page, "キャンセル待ちをする");
  assert.equal(await heading(page), "キャンセル待ち");
  assert.match(await page.innerText("main"), new RegExp(spoken(date)));
  await site.api(first, "POST", `/bookings/${taken.id}/cancel`, { reason: "" });
  await site.until("an offer", async () => (await site.api(account, "GET", "/offers")).offers.some((one) => one.state === "open"));
  await go("/me");
  assert.match(await page.innerText("main"), /空きが出ました/);
  await Promise.all([page.waitForNavigation(), page.locator("main a[href*='/me/offers/']").first().click()]);
  assert.match(await page.innerText(".panel"), /\d+:\d+/);
  await picture(page, "offer");
  await press(page, "この枠を利用する");
  const bookings = (await site.api(account, "GET", "/bookings")).bookings;
  assert.equal(bookings.length, 1);
  assert.ok(["requested", "confirmed"].includes(bookings[0].state));
  await go("/me/notices");
  assert.ok((await page.locator("main li").count()) > 0);
  await picture(page, "notices");
  await press(page, "すべて読んだことにする");
  assert.equal(await page.locator("main .tag").count(), 0);
  await context.close();
});

test("she adds a second factor and changes her password", async () => {
  const account = { ...(await site.fresh()) };
  const { page, go, context } = await site.enter(account);
  await go("/me/account");
  await press(page, "設定する");
  const secret = await page.inputValue("[name=secret]");
  await fill(page, { code: "000000" });
  await press(page, "設定する");
  assert.ok((await page.locator(".errors li").count()) > 0);
  assert.equal(await page.inputValue("[name=secret]"), secret, "the key stays the same after a slip");
  await fill(page, { code: totp(secret, site.now()) });
  await press(page, "設定する");
  await go("/me/account");
  const fresh = "あたらしいあいことば2026";
  await page.locator("[name=new_password]").fill(fresh);
  await page.locator("[name=old_password]").first().fill(account.password);
  await press(page, /^パスワードを変える$/);
  await go("/me");
  assert.equal(new URL(page.url()).pathname, "/login");
  // The code of this half minute is spent; the next one opens.
  await site.sign_in(page, { login: account.login, password: fresh, otp_secret: secret }, 30_000);
  await press(page, "ログアウト", "header");
  await go("/me");
  assert.equal(new URL(page.url()).pathname, "/login");
  await context.close();
});

test("a forgotten password is made anew by mail", async () => {
  const { page, go, context } = await site.visitor();
  await go("/login");
  await press(page, "パスワードを忘れた方");
  await fill(page, { email: newcomer.login });
  await press(page, "リンクを受け取る");
  const link = await site.mailed_link(newcomer.login, "reset");
  await go(link.pathname + link.search);
  await fill(page, { new_password: "もういちどきめる2026年" });
  await press(page, "このパスワードにする");
  await site.sign_in(page, { login: newcomer.login, password: "もういちどきめる2026年" });
  await context.close();
});
