// Debian's Chromium under playwright-core, and axe-core on a page. What a page must do is said in the test files.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

// Put in by the browser rather than added to a page: the page's own policy stays in force.
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Starts a browser; close it with `await browser.close()`.
export function launch() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Chromium's own sandbox refuses to start as root, which is what a bare container has.
    args: process.getuid() === 0 ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
  });
}

// A fresh person: own cookies, the given width, colours and script setting.
export async function person(browser, { width = 390, height = 844, dark = false, javascript = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: javascript,
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
  });
  await context.addInitScript({ content: axe }); // compiled once, not on each page
  return context;
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const colours = ["color-contrast", "link-in-text-block"]; // the rules that another colour scheme can break

// WCAG 2.2 A and AA faults of the page as it stands, one readable line each. Needs scripts.
export async function violations(page, { only = null } = {}) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const runOnly = only === "colours" ? { type: "rule", values: colours } : { type: "tag", values: tags };
  const options = { resultTypes: ["violations"], runOnly };
  const { violations: found } = await page.evaluate((rules) => globalThis.axe.run(document, rules), options);
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}

// Width of what sticks out to the right of the window: 0 on a page that can be used without sideways scrolling.
export function overhang(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
