// Every component, light and dark, on the narrowest phone and on a desk: no axe violation, nothing sticks out.
// SPECIMEN names the program that writes the page; SCREENSHOTS, if set, a folder for pictures.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { launch, overhang, person, violations } from "./browser.mjs";

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";
const folder = mkdtempSync(join(tmpdir(), "specimen-"));
let browser;
let server;
let address;

before(async () => {
  execFileSync(process.env.SPECIMEN, [folder]);
  server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : request.url;
    try {
      const body = readFileSync(join(folder, path.replaceAll("..", "")));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain", "content-security-policy": policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const width of [320, 1280]) {
  for (const dark of [false, true]) {
    test(`${width} px, ${dark ? "dark" : "light"}`, async () => {
      const context = await person(browser, { width, dark });
      const page = await context.newPage();
      const faults = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("requestfailed", (request) => faults.push(request.url()));
      await page.goto(address);
      assert.deepEqual(await violations(page), []);
      assert.equal(await overhang(page), 0);
      assert.deepEqual(faults, []);
      if (process.env.SCREENSHOTS) {
        await page.screenshot({ path: join(process.env.SCREENSHOTS, `specimen-${width}-${dark ? "dark" : "light"}.png`), fullPage: true });
      }
      await context.close();
    });
  }
}

test("the switch overrides what the device prefers", async () => {
  const context = await person(browser, { dark: true });
  const page = await context.newPage();
  await page.goto(address);
  const ground = (theme) =>
    page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
      return getComputedStyle(document.body).backgroundColor;
    }, theme);
  const light = await ground("light");
  const dark = await ground("dark");
  assert.notEqual(light, dark);
  assert.equal(await ground("auto"), dark);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--gray-800").trim()), "#333");
  await context.close();
});

test("what can be tapped is large enough", async () => {
  const context = await person(browser, { width: 320 });
  const page = await context.newPage();
  await page.goto(address);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, .btn, .in, summary, .nav a, .cal td a, .choice label")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.height < 48 || box.width < 36);
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(small, []);
  await context.close();
});

test("comfort: the era appears, the password shows, a second tap sends nothing, the faults have the focus", async () => {
  const context = await person(browser);
  const page = await context.newPage();
  await page.goto(address);
  assert.equal(await page.evaluate(() => document.activeElement.className), "errors");
  await page.fill("#f-due-year", "２０１９");
  await page.fill("#f-due-month", "5");
  await page.fill("#f-due-day", "1");
  assert.equal(await page.textContent("#f-due [data-era]"), "令和元年5月1日（水）");
  await page.fill("#f-due-day", "32");
  assert.equal(await page.textContent("#f-due [data-era]"), "");
  await page.click("text=表示する");
  assert.equal(await page.getAttribute("#f-password", "type"), "text");
  const sent = await page.evaluate(() => {
    let count = 0;
    const form = document.querySelector("form[data-once]");
    form.addEventListener("submit", (event) => {
      count += event.defaultPrevented ? 0 : 1;
      event.preventDefault();
    });
    form.requestSubmit();
    form.requestSubmit();
    return count;
  });
  assert.equal(sent, 1);
  assert.equal(await page.inputValue("#f-worry"), "夜、眠れません。\n</textarea>");
  await context.close();
});
