// A running demo city and the people who use it. The program is the real one (SANGO); its clock stands at NOW.
//
//   const site = await open_site();              // one demo, one browser
//   const hana = await site.enter(site.account("resident", { state: "approved" }));
//   await hana.page.goto(site.url("/me"));
//   await site.close();                          // fails if a page asked another origin or broke its own policy
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac, randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { launch, person } from "./browser.mjs";

export const NOW = "2026-06-01T09:00:00+09:00"; // a Monday
const START_MS = 240_000;

// The day `plus` days after NOW's, as the pages' addresses write it.
export function day(plus = 0) {
  return new Date(Date.parse("2026-06-01T00:00:00Z") + plus * 86_400_000).toISOString().slice(0, 10);
}

// 6月4日
export function spoken(text) {
  const [, month, date] = text.split("-").map(Number);
  return `${month}月${date}日`;
}

// RFC 6238, six digits, 30 s, SHA-1; the secret is base32.
export function totp(secret, at_ms) {
  let bits = "";
  for (const letter of secret.replace(/[\s=]/g, "").toUpperCase()) {
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  }
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at_ms / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const place = mac[19] & 15;
  return String((mac.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// Of those the system gives to nobody who lets it choose, so that nobody else is given it before the demo listens.
function free_port() {
  return new Promise((found) => {
    const probe = createServer();
    const port = randomInt(12_000, 32_000);
    probe.once("error", () => found(free_port()));
    probe.listen(port, "127.0.0.1", () => probe.close(() => found(port)));
  });
}

export async function open_site() {
  const site = new Site();
  try {
    await site.start();
  } catch (error) {
    await site.close().catch(() => {});
    throw error;
  }
  return site;
}

class Site {
  folder = mkdtempSync(join(tmpdir(), "sango-browser-"));
  data = join(this.folder, "demo");
  faults = []; // what no page may do, one line each
  said = "";
  lent = new Set();

  // The demo's clock stands `later` seconds after NOW.
  async start(later = 0) {
    this.port ??= await free_port();
    this.now_at_start = Date.parse(NOW) + later * 1000;
    this.began = Date.now();
    const now = new Date(this.now_at_start).toISOString();
    const args = ["demo", "--dir", this.data, "--port", String(this.port), "--now", now];
    this.process = spawn(process.env.SANGO, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.process.on("error", (error) => (this.said += error));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on("data", (piece) => (this.said = (this.said + piece).slice(-8000)));
    }
    await this.until("the demo answers", async () => {
      assert.equal(this.process.exitCode, null, `the demo ended: ${this.said}`);
      return fetch(this.url("/api/v1/city")).then((answer) => answer.ok, () => false);
    });
    this.accounts = JSON.parse(readFileSync(join(this.data, "accounts.json"), "utf8"));
    this.browser ??= await launch();
  }

  async stop() {
    if (this.process?.exitCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    const timer = setTimeout(() => this.process.kill("SIGKILL"), START_MS);
    await ended;
    clearTimeout(timer);
  }

  // The same city at another hour.
  async restart(later) {
    await this.stop();
    await this.start(later);
  }

  async close() {
    await this.browser?.close();
    if (this.process) await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    assert.deepEqual([...new Set(this.faults)], []);
  }

  url(path) {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  // The demo's clock.
  now() {
    return this.now_at_start + Date.now() - this.began;
  }

  async until(what, true_of) {
    const end = Date.now() + START_MS;
    for (;;) {
      const answer = await true_of();
      if (answer) return answer;
      assert.ok(Date.now() < end, `never: ${what}\n${this.said}`);
      await pause(50);
    }
  }

  account(role, wanted = {}, number = 0) {
    const found = this.accounts.filter((one) => one.role === role && Object.keys(wanted).every((key) => one[key] === wanted[key]));
    assert.ok(found[number], `no ${role} ${JSON.stringify(wanted)} ${number}`);
    return found[number];
  }

  // The API as the account: for what a journey needs to find ready. Answers the JSON, refuses everything but 2xx.
  async api(who, method, path, body) {
    const answer = await fetch(this.url(`/api/v1${path}`), {
      method,
      headers: {
        ...(who && { authorization: `Bearer ${who.token}` }),
        ...(method === "POST" && { "idempotency-key": randomUUID() }),
        ...(body && { "content-type": "application/json" }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  // An approved resident with all her days and no booking; each call another one.
  async fresh() {
    for (const one of this.accounts.filter((who) => who.state === "approved" && !this.lent.has(who.login))) {
      this.lent.add(one.login);
      const me = await this.api(one, "GET", "/me");
      if (me.pools[0].left === 7) return one;
    }
    return assert.fail("no fresh resident is left");
  }

  // The newest link mailed to the address; the sender runs by itself, so this waits.
  mailed_link(address, part = "") {
    const mail = join(this.data, "mail");
    return this.until(`a link for ${address}`, () => {
      for (const name of readdirSync(mail).filter((file) => file.endsWith(".eml")).sort().reverse()) {
        const text = readFileSync(join(mail, name), "utf8");
        const [head] = text.split(/\r?\n\r?\n/, 1);
        if (!head.includes(address)) continue;
        const link = mail_body(text).match(/https?:\/\/\S+/g)?.find((one) => one.includes(part));
        if (link) return new URL(link);
      }
      return null;
    });
  }

  // A person without an account: own cookies, watched for what no page may do.
  async visitor(options = {}) {
    const context = await person(this.browser, options);
    context.setDefaultTimeout(START_MS);
    const page = await context.newPage();
    context.on("request", (request) => {
      const asked = new URL(request.url());
      if (asked.port !== String(this.port)) this.faults.push(`another origin: ${request.url()}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 500) this.faults.push(`${response.status()} ${response.url()}`);
    });
    context.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.faults.push(`policy: ${page.url()}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.faults.push(`script: ${error.page()?.url()}: ${error.error()}`));
    return { context, page, go: (path) => page.goto(this.url(path)) };
  }

  // Signed in through the page, with the second factor of those who have one.
  async enter(account, options = {}) {
    const visitor = await this.visitor(options);
    await visitor.go("/login");
    await this.sign_in(visitor.page, account);
    return { ...visitor, account };
  }

  // `ahead` takes a later code of the second factor: each opens once.
  async sign_in(page, account, ahead = 0) {
    const refused = () => page.locator("[name=password]").count();
    for (let tries = 0; tries === 0 || (tries < 3 && account.otp_secret && (await refused())); tries++) {
      await page.fill("[name=login]", account.login);
      await page.fill("[name=password]", account.password);
      // Of the machine's time now: on a slow one the code before may have been too old when it came.
      if (account.otp_secret) await page.fill("[name=otp]", totp(account.otp_secret, this.now() + ahead));
      await press(page, "ログインする");
    }
    assert.equal(await page.locator("[name=password]").count(), 0, `not signed in: ${await page.innerText("main")}`);
  }
}

function mail_body(text) {
  const at = text.search(/\r?\n\r?\n/);
  const head = text.slice(0, at);
  const body = text.slice(at).trim();
  if (/^content-transfer-encoding:\s*base64/im.test(head)) return Buffer.from(body, "base64").toString("utf8");
  if (/^content-transfer-encoding:\s*quoted-printable/im.test(head)) {
    return body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  }
  return body;
}

// Presses a button or follows a link by its words and waits for the page behind it.
export async function press(page, words, within = "main") {
  const named = page.locator(within).locator("button, a").filter({ hasText: words });
  await Promise.all([page.waitForNavigation(), named.first().click()]);
}

// The title and first heading of where she is now, for messages.
export async function where(page) {
  return `${new URL(page.url()).pathname}: ${await page.title()}`;
}

// Fills fields by their names: texts, days (YYYY-MM-DD into three fields), choices by value; true ticks all of the name.
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`[name="${name}"]`);
    const folded = page.locator(`details:not([open]):has([name^="${name}"]) > summary`);
    if ((await folded.count()) > 0) await folded.first().click();
    const kind = (await field.count()) === 0 ? "day" : await field.first().evaluate((one) => one.type);
    if (kind === "day") {
      const [year, month, date] = value.split("-");
      await page.fill(`[name="${name}-year"]`, year);
      await page.fill(`[name="${name}-month"]`, String(Number(month)));
      await page.fill(`[name="${name}-day"]`, String(Number(date)));
    } else if (kind === "radio" || kind === "checkbox") {
      const wanted = value === true ? field : page.locator(`[name="${name}"][value="${value}"]`);
      for (let i = 0; i < (await wanted.count()); i++) await wanted.nth(i).check();
    } else if (kind === "select-one") {
      await field.selectOption(value);
    } else {
      await field.fill(String(value));
    }
  }
}

const published = ["top", "search", "calendar", "book-check", "booked", "offer", "registration", "facility-board", "facility-requests", "facility-week", "city-queue", "city-vacancies", "city-statistics"];

// The picture of a page as people see it, when SCREENSHOTS names a folder: those of the documents, or with
// SCREENSHOTS_ALL every one.
export async function picture(page, name) {
  const wanted = process.env.SCREENSHOTS && (published.includes(name) || process.env.SCREENSHOTS_ALL);
  if (wanted) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

export const heading = (page) => page.locator("h1").first().innerText();
