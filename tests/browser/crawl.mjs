// Walks the links of a role and judges every page: whom it is for is said by the test that calls it.
import { overhang, violations } from "./browser.mjs";

const LIKE_EACH_OTHER = 2; // pages of one route and one set of query names that are looked at
const PAGES_MAX = 150;

// The routes as patterns; literal segments before parameters, as the site itself decides.
export function route_finder(paths) {
  const rows = paths.map((path) => ({ path, parts: path.split("/") }));
  const key = (row) => row.path.replaceAll("{", "~"); // behind every letter
  rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return (path) => {
    const parts = path.split("/");
    return rows.find((row) => row.parts.length === parts.length && row.parts.every((part, i) => part.startsWith("{") ? parts[i] !== "" : part === parts[i]))?.path;
  };
}

// Faults of the page as it stands, in every width and colour; one line each.
export async function judge(page) {
  const found = [];
  const say = (line) => found.push(`${new URL(page.url()).pathname}${new URL(page.url()).search}: ${line}`);
  const plain = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title.trim(),
    headings: [...document.querySelectorAll("h1")].map((one) => one.textContent.trim()),
    text: document.body.innerText,
    bytes: document.documentElement.outerHTML.length,
    twice: [...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, i, all) => all.indexOf(id) !== i),
    unguarded: (document.querySelector("form[action$=\"/logout\"]") ? [...document.querySelectorAll("form[method=post]")] : []).filter((form) => !form.querySelector("[name=_csrf]")).length,
    open: [...document.querySelectorAll("input[name*=password]")].filter((one) => one.type !== "password").length,
  }));
  if (plain.open > 0) say("a password that everybody can read");
  if (plain.lang !== "ja") say(`lang is "${plain.lang}"`);
  if (plain.title.length < 5 || plain.title.startsWith("｜")) say(`title is "${plain.title}"`);
  if (plain.headings.length !== 1 || plain.headings[0] === "") say(`h1: ${JSON.stringify(plain.headings)}`);
  if (plain.twice.length > 0) say(`ids used twice: ${plain.twice}`);
  if (plain.unguarded > 0) say("a form without its token");
  if (/\(null\)|undefined|NaN|%[.*]|\{\w+\}|\{\{|\[object/.test(plain.text)) say(`unfinished words: ${plain.text.match(/.{0,30}(\(null\)|undefined|NaN|%[.*]|\{\w+\}|\{\{|\[object).{0,30}/)[0]}`);
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      for (const line of await violations(page, { only: colorScheme === "dark" && "colours" })) say(`${width} px, ${colorScheme}: ${line}`);
    }
    const out = await overhang(page);
    if (out > 0) say(`${width} px: ${out} px stick out: ${await widest(page)}`);
  }
  return found;
}

// What sticks out the furthest, for the message.
function widest(page) {
  return page.evaluate(() => {
    const inside = (one) => [...(function* up(e) { for (; e; e = e.parentElement) yield e; })(one.parentElement)].some((e) => getComputedStyle(e).overflowX !== "visible" && e !== document.body && e !== document.documentElement);
    const all = [...document.body.querySelectorAll("*")].filter((one) => !inside(one));
    all.sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right);
    return all[0]?.outerHTML.slice(0, 160);
  });
}

// From `starts` along all links of the same origin. Returns {seen: routes, pages: addresses, faults: lines}.
// `within` leaves out what was looked at by others.
export async function crawl(page, origin, starts, route_of, within = /^/) {
  const waiting = starts.map((path) => new URL(path, origin).href);
  const known = new Set(waiting);
  const counts = new Map();
  const seen = new Set();
  const pages = [];
  const faults = [];
  while (waiting.length > 0 && pages.length < PAGES_MAX) {
    const address = new URL(waiting.shift());
    const route = route_of(decodeURIComponent(address.pathname));
    const kind = `${route ?? address.pathname}?${[...address.searchParams.keys()].sort().join("&")}`;
    if ((counts.get(kind) ?? 0) >= LIKE_EACH_OTHER) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    let answer;
    try {
      answer = await page.goto(address.href);
    } catch (error) {
      if (!/Download is starting/.test(error.message)) throw error;
      seen.add(route);
      continue; // a CSV file
    }
    if (answer.status() >= 400) {
      faults.push(`${address.pathname}${address.search}: ${answer.status()}`);
      continue;
    }
    seen.add(route);
    seen.add(route_of(new URL(page.url()).pathname));
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    pages.push(address.pathname + address.search);
    faults.push(...(await judge(page)));
    const links = await page.$$eval("a[href]", (all) => all.map((one) => one.href));
    for (const link of links) {
      const to = new URL(link);
      to.hash = "";
      if (to.origin === origin && within.test(to.pathname) && !to.pathname.startsWith("/static/") && !known.has(to.href)) {
        known.add(to.href);
        waiting.push(to.href);
      }
    }
  }
  return { seen, pages, faults };
}
