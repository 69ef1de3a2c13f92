// Two ways to go through the same pages: with a finger, and with the keys alone. Both work without scripts.
import assert from "node:assert/strict";

const TABS_MAX = 200;

export const finger = {
  async press(page, words) {
    const named = page.locator("main").locator("button, a").filter({ hasText: words });
    await Promise.all([page.waitForNavigation(), named.first().click()]);
  },
  async choose(page, name, value) {
    await page.locator(`[name="${name}"][value="${value}"]`).check();
  },
};

// What has the focus now: its words, name and value.
function focused(page) {
  return page.locator("*:focus").evaluateAll(([one]) => one && { words: one.innerText ?? "", tag: one.tagName, name: one.name, value: one.value, inside: one.closest("main") !== null });
}

async function tab_to(page, wanted, what) {
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press("Tab");
    const one = await focused(page);
    if (one && one.inside && wanted(one)) {
      assert.notEqual(await page.locator("*:focus").evaluate((e) => getComputedStyle(e).outlineStyle), "none", `${what} shows no focus`);
      return;
    }
  }
  assert.fail(`Tab never reached ${what} on ${page.url()}`);
}

export const keys = {
  async press(page, words) {
    await tab_to(page, (one) => ["A", "BUTTON"].includes(one.tag) && (words instanceof RegExp ? words.test(one.words) : one.words.includes(words)), words);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  },
  async choose(page, name, value) {
    await tab_to(page, (one) => one.name === name, name);
    for (let i = 0; i < 20; i++) {
      const one = await focused(page);
      if (one.value === value) break;
      await page.keyboard.press("ArrowDown");
    }
    assert.equal((await focused(page)).value, value);
    await page.keyboard.press("Space");
  },
};
