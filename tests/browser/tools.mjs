// The browser, the fonts and axe work on this machine, and find what they should.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, overhang, person, violations } from "./browser.mjs";

const page_of = (main, style = "") => `<!doctype html><html lang="ja"><meta charset="utf-8"><title>見本</title>
  <meta name="viewport" content="width=device-width"><style>${style}</style><main><h1>産後ケア</h1>${main}</main></html>`;

let browser;
let page;

before(async () => {
  browser = await launch();
  page = await (await person(browser, { width: 320 })).newPage();
});
after(() => browser?.close());

test("a faultless page has no violations", async () => {
  await page.setContent(page_of("<p>空きがあります。</p>"));
  assert.deepEqual(await violations(page), []);
  assert.equal(await overhang(page), 0);
});

test("faults are found", async () => {
  await page.setContent(page_of('<p style="color:#ccc">薄い文字</p><img src="data:,"><div style="width:500px">広い</div>'));
  const found = await violations(page);
  assert.ok(found.some((line) => line.startsWith("color-contrast")));
  assert.ok(found.some((line) => line.startsWith("image-alt")));
  assert.ok((await overhang(page)) > 0);
});

test("dark means dark", async () => {
  const style = "body{background:#fff}@media(prefers-color-scheme:dark){body{background:#000}}";
  const dark = await (await person(browser, { dark: true })).newPage();
  await dark.setContent(page_of("", style));
  assert.equal(await dark.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(0, 0, 0)");
});

test("Japanese letters have shapes", async () => {
  await page.setContent(page_of(""));
  const drawn = (letter) =>
    page.evaluate((text) => {
      const canvas = document.createElement("canvas");
      const pen = canvas.getContext("2d");
      pen.font = "40px sans-serif";
      pen.fillText(text, 5, 60);
      return canvas.toDataURL();
    }, letter);
  assert.notEqual(await drawn("産"), await drawn("後"));
});
