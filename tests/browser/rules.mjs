// The administrator prepares April: a new version of the rules by fields alone, compared, tried, published and taken back.
// Once with a script and once without, on the narrowest phone; every page on the way is judged.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { judge } from "./crawl.mjs";
import { fill, open_site, press } from "./site.mjs";

let site;
before(async () => {
  site = await open_site();
});
after(() => site?.close());

const draft = "/city/rules/draft";

async function fine(page) {
  if (page.plain) return; // axe is a script
  const size = page.viewportSize();
  assert.deepEqual(await judge(page), []);
  await page.setViewportSize(size);
}

async function prepare(visitor, month) {
  const { page, go } = visitor;
  await go("/city/rules");
  await fine(page);
  await press(page, "新しい版を作る");
  await fine(page);
  await fill(page, { rules_from: `2031-${month}-01`, rules_name: `2031年${month}月からの定め` });
  await press(page, "下書きを作る");
  assert.match(await page.innerText("main"), /誤りはありません/);
  await go(`${draft}/cares?row=0`);
  await fine(page);
  await fill(page, { "cares.0.prices.taxed": "３，５００円" });
  await press(page, "保存する", "main .buttons");
  assert.match(await page.innerText("main"), /下書きを保存しました/);
  for (const part of ["base", "classes", "pools", "cares", "additions", "reductions", "booking", "cancel", "acceptance", "wait", "registration", "asked", "document"]) {
    await go(`${draft}/${part}`);
    await fine(page);
  }
  await go(`${draft}/pools`);
  await press(page, "行を足す");
  await press(page, "消す");
  await go(draft);
  await fine(page);
}

async function publish(visitor) {
  const { page, go } = visitor;
  await go(draft);
  await press(page, "前の版とくらべる");
  assert.match(await page.innerText("main"), /3,500円/);
  await fine(page);
  await go(`${draft}/try`);
  await fill(page, { try_birth: "2031-03-20", try_start: "2031-04-20", try_nights: "2", try_asked: "2031-04-10" });
  await press(page, "試す", "main .buttons");
  assert.match(await page.innerText("main"), /申し込めます/);
  await fine(page);
  await go(`${draft}/publish`);
  await press(page, "公布する"); // without a reason: the page comes back
  assert.ok((await page.locator(".errors li").count()) > 0);
  await fine(page);
  await fill(page, { publish_reason: "改正による", publish_sure: true });
  await press(page, "公布する");
  assert.match(await page.innerText("main"), /公布しました/);
  await fine(page);
}

for (const [how, month, options, ahead] of [
  ["with a script", "04", { width: 1280, height: 900 }, 0],
  ["without a script, on a phone of 360 px", "05", { width: 360, height: 740, javascript: false }, 30_000],
]) {
  test(`an April, ${how}`, async () => {
    const visitor = await site.visitor(options);
    visitor.page.plain = options.javascript === false;
    await visitor.go("/login");
    await site.sign_in(visitor.page, site.account("city_admin"), ahead);
    await prepare(visitor, month);
    await publish(visitor);
    const everybody = await site.visitor();
    await everybody.go("/rules");
    assert.match(await everybody.page.innerText("main"), /決まりが変わります/);
    await everybody.context.close();
    await fill(visitor.page, { reason: "取りやめる" });
    await press(visitor.page, "取りやめる", "main .buttons");
    assert.match(await visitor.page.innerText("main"), /取りやめました/);
    await visitor.context.close();
  });
}
