// What a mother does, from the first look to the cancelled booking.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { day, fill, heading, open_site, picture, press } from "./site.mjs";

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
