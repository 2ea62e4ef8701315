// A client in JavaScript, as bots and page scrapers are written: fetch, Link headers,
// regular expressions over pages and feeds. It stops at every deviation from the rules
// of the Daily Papers API.
import assert from "node:assert/strict";

const fact = (name) => process.env["FACT_" + name.toUpperCase()] ?? "";
const base = fact("base");
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const checks = [];
const check = (name, run) => checks.push({ name, run });

async function fetchText(path, headers = {}) {
  const answer = await fetch(new URL(path, base), { headers, redirect: "follow" });
  return { status: answer.status, headers: answer.headers, url: answer.url, text: await answer.text() };
}

// Answers are what JSON.stringify writes, and never an error in disguise.
async function getJSON(path) {
  const { status, headers, text } = await fetchText(path);
  assert.equal(status, 200, `${path}: ${text.slice(0, 200)}`);
  assert.match(headers.get("content-type"), /^application\/json/);
  const value = JSON.parse(text);
  assert.equal(text.trim(), JSON.stringify(value), `${path} is not written as JSON.stringify does`);
  return { value, headers };
}

function nextPage(headers) {
  const link = headers.get("link");
  if (!link) return null;
  const m = /<([^>]+)>;\s*rel="next"/.exec(link);
  assert.ok(m, `Link: ${link}`);
  return new URL(m[1]).href; // without a base: a relative address throws
}

async function* pages(path, most = 20) {
  for (let url = path; url && most-- > 0; ) {
    const { value, headers } = await getJSON(url);
    yield value;
    url = nextPage(headers);
  }
}

async function walk(path, most) {
  const items = [];
  for await (const page of pages(path, most)) items.push(...page);
  return items;
}

const ids = (items) => items.map((item) => item.paper.id);
const sorted = (list) => [...list].sort();

// Keys stand in the order of the public site; what it leaves out is missing, never null.
const order = {
  item: "paper publishedAt title summary mediaUrls thumbnail numComments submittedBy organization isAuthorParticipating",
  paper:
    "id authors mediaUrls publishedAt submittedOnDailyAt title submittedOnDailyBy summary upvotes discussionId projectPage githubRepo githubRepoAddedBy ai_summary ai_summary_model ai_keywords githubStars organization withdrawnAt",
  author: "_id name hidden user status statusLastChangedAt",
};

function inOrder(kind, value, of) {
  const known = order[kind].split(" ");
  assert.deepEqual(Object.keys(value).filter((k) => known.includes(k)), known.filter((k) => k in value), `${of}: order of ${kind}`);
}

function noNull(value, of) {
  assert.notEqual(value, null, `${of} is null`);
  if (typeof value === "object") for (const [k, v] of Object.entries(value)) noNull(v, `${of}.${k}`);
}

function isTime(text, of) {
  assert.match(text, time, of);
  assert.equal(new Date(text).toISOString(), text, of);
}

function isItem(item) {
  const { paper } = item;
  const of = paper.id;
  noNull(item, of);
  inOrder("item", item, of);
  inOrder("paper", paper, of);
  isTime(paper.publishedAt, of);
  isTime(item.publishedAt, of);
  if ("submittedOnDailyAt" in paper) isTime(paper.submittedOnDailyAt, of);
  for (const n of [paper.upvotes, item.upvotes, item.numComments]) assert.ok(Number.isSafeInteger(n) && n >= 0, `${of}: ${n}`);
  for (const author of paper.authors) {
    inOrder("author", author, of);
    assert.equal(typeof author._id, "string", of);
    assert.equal(typeof author.name, "string", of);
    assert.equal(typeof author.hidden, "boolean", of);
    if (author.user) new URL(author.user.avatarUrl);
  }
  for (const url of [item.thumbnail, item.submittedBy.avatarUrl, ...(item.mediaUrls ?? [])]) new URL(url);
  for (const url of [paper.githubRepo, paper.projectPage, paper.organization?.avatar]) if (url !== undefined) new URL(url);
  assert.equal(item.title, paper.title);
  assert.equal(item.summary, paper.summary);
  assert.equal(item.upvotes, paper.upvotes);
  assert.equal(item.githubStars, paper.githubStars);
  assert.deepEqual(item.ai_keywords, paper.ai_keywords);
  assert.deepEqual(item.organization, paper.organization);
  assert.ok(!("authors" in item), `${of}: authors at the top`);
  assert.ok(!/\+00:00"/.test(JSON.stringify(item)), of);
}

check("lists by Link", async () => {
  const whole = await walk(`/api/daily_papers?week=${fact("week")}&limit=100`);
  assert.ok(whole.length > 0);
  whole.forEach(isItem);
  const parts = await walk(`/api/daily_papers?week=${fact("week")}&limit=${Math.ceil(whole.length / 6)}`);
  assert.deepEqual(ids(parts), ids(whole));
  assert.equal(new Set(ids(whole)).size, whole.length);
});

check("newest and trending", async () => {
  for (const path of ["/api/daily_papers", "/api/daily_papers?sort=trending"]) {
    const { value } = await getJSON(path);
    assert.equal(value.length, 50, path);
    value.forEach(isItem);
  }
  assert.equal((await getJSON("/api/daily_papers?limit=2")).value.length, 2);
  assert.equal((await getJSON("/api/daily_papers?limit=100&p=0")).value.length > 50, true);
});

// Bots ask for yesterday until there is something, and must not take a weekend for an error.
check("days back", async () => {
  const start = Date.parse(fact("day"));
  let seen = 0;
  for (let n = 0; n < 9; n++) {
    const day = new Date(start - n * 86400e3).toISOString().slice(0, 10);
    const { value } = await getJSON(`/api/daily_papers?date=${day}&limit=100`);
    for (const item of value) assert.equal(item.paper.submittedOnDailyAt.slice(0, 10), day);
    seen += value.length;
  }
  assert.ok(seen > 0);
  assert.deepEqual((await getJSON(`/api/daily_papers?date=${fact("weekend")}`)).value, []);
});

check("errors", async () => {
  const cases = { "/api/daily_papers?date=2025-13-40": 400, "/api/daily_papers?limit=1000": 400, [`/api/papers/${fact("unknown")}`]: 404 };
  for (const [path, status] of Object.entries(cases)) {
    const answer = await fetchText(path);
    assert.equal(answer.status, status, path);
    assert.equal(typeof JSON.parse(answer.text).error, "string", path);
    for (const name of ["x-error-code", "x-error-message", "x-request-id"]) assert.ok(answer.headers.get(name), `${path}: ${name}`);
  }
  for (const path of ["/api/papers/index", "/api/papers/submit", `/api/papers/${fact("paper")}/upvote`]) {
    const answer = await fetch(base + path, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
    assert.ok([404, 405].includes(answer.status), `POST ${path}: ${answer.status}`);
    await answer.arrayBuffer();
  }
});

check("agent harnesses", async () => {
  const { status, text } = await fetchText("/api/agent-harnesses");
  if (status === 404) return;
  assert.equal(status, 200);
  const value = JSON.parse(text);
  assert.ok(typeof value === "object" && !Array.isArray(value) && value !== null);
});

check("search", async () => {
  const { value } = await getJSON(`/api/papers/search?${new URLSearchParams({ q: fact("query"), limit: "12" })}`);
  assert.ok(value.length > 0 && value.length <= 12);
  for (const item of value) {
    isItem(item);
    for (const part of [...item.highlightedTitle, ...item.highlightedSummary]) {
      assert.deepEqual(Object.keys(part), ["type", "text"]);
      assert.ok(["text", "highlight"].includes(part.type));
    }
  }
});

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"' };
const unescape = (text) => text.replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, name) => entities[name]);
const props = (page) => {
  const m = /<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="([^"]+)"/.exec(page);
  assert.ok(m, "no data-props");
  return JSON.parse(unescape(m[1]));
};

// What a scraper finds by the marks of a list page: links in headings of articles.
function headings(page) {
  return [...page.matchAll(/<article[\s>][\s\S]*?<\/article>/g)].map(([article]) => {
    const m = /<h3[^>]*>\s*<a\s[^>]*href="(\/papers\/[^"#?]+)"[^>]*>([\s\S]*?)<\/a>\s*<\/h3>/.exec(article);
    assert.ok(m, `no h3 > a[href] in ${article.slice(0, 300)}`);
    return { id: decodeURIComponent(m[1].slice("/papers/".length)), title: unescape(m[2].replace(/<[^>]+>/g, "")).trim() };
  });
}

check("list pages", async () => {
  for (const path of ["/papers", `/papers/date/${fact("day")}`, `/papers?date=${fact("day")}`, `/papers/week/${fact("week")}`, `/papers/month/${fact("month")}`, "/papers/trending"]) {
    const { status, text } = await fetchText(path);
    assert.equal(status, 200, path);
    const found = headings(text);
    assert.ok(found.length > 0, path);
    const data = props(text);
    assert.deepEqual(sorted(ids(data.dailyPapers)), sorted(found.map((h) => h.id)), path);
    data.dailyPapers.forEach(isItem);
    assert.ok(["day", "week", "month"].includes(data.periodType));
  }
});

check("pages of days lead to each other", async () => {
  const { text } = await fetchText(`/papers/date/${fact("day")}`);
  const data = props(text);
  assert.equal(data.dateString.slice(0, 10), fact("day"));
  assert.match(data.prevDate, /^\d{4}-\d\d-\d\d/);
  const before = props((await fetchText(`/papers/date/${data.prevDate.slice(0, 10)}`)).text);
  assert.equal(before.nextDate.slice(0, 10), fact("day"));
  const weekend = await fetchText(`/papers/date/${fact("weekend")}`);
  assert.equal(weekend.status, 200, "a weekend shows the day before");
  assert.ok(headings(weekend.text).length > 0);
  const later = await fetchText("/papers/week/2031-W02");
  assert.equal(later.status, 200, "a week that has not come leads to the newest");
  assert.ok(headings(later.text).length > 0);
});

check("paper page", async () => {
  for (const id of [fact("paper"), fact("slash")].filter(Boolean)) {
    const { value } = await getJSON(`/api/papers/${id}`);
    const { status, text } = await fetchText(`/papers/${id}`);
    assert.equal(status, 200);
    const m = /<time[^>]*\sdatetime="([^"]+)"/.exec(text);
    assert.match(m[1], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, "the first time");
    assert.equal(m[1].slice(0, 10), value.publishedAt.slice(0, 10));
    const abstract = /class="(?:[^"]*\s)?pb-8 pr-4 md:pr-16(?:\s[^"]*)?"[^>]*>([\s\S]*?)<\/(?:div|section)>/.exec(text);
    assert.ok(abstract, "the container of the abstract");
    const plain = unescape(abstract[1].replace(/<[^>]+>/g, " ")).replace(/\s+/g, " ");
    const words = value.summary.split(/\s+/).filter((w) => /^[A-Za-z]{4,}$/.test(w)).slice(0, 8);
    for (const word of words) assert.ok(plain.includes(word), `the abstract has no ${word}`);
  }
});

// What makers of feeds and readers of them need: each list in each form.
check("feeds", async () => {
  const day = `/papers/date/${fact("day")}`;
  const want = (await getJSON(`/api/daily_papers?date=${fact("day")}&limit=100`)).value;
  const rss = (await fetchText(`${day}.rss`)).text;
  const entries = [...rss.matchAll(/<item>([\s\S]*?)<\/item>/g)].map((m) => m[1]);
  assert.equal(entries.length, want.length, "RSS");
  for (const entry of entries) {
    new URL(unescape(/<link>([^<]+)<\/link>/.exec(entry)[1].trim()));
    assert.ok(/<guid[^>]*>[^<]+<\/guid>/.test(entry), entry.slice(0, 200));
    assert.ok(!Number.isNaN(Date.parse(/<pubDate>([^<]+)<\/pubDate>/.exec(entry)[1])));
  }
  const atom = (await fetchText(`${day}.atom`)).text;
  assert.equal([...atom.matchAll(/<entry[\s>]/g)].length, want.length, "Atom");
  const feed = JSON.parse((await fetchText(`${day}.json`)).text);
  assert.equal(feed.version, "https://jsonfeed.org/version/1.1");
  assert.equal(feed.items.length, want.length, "JSON Feed");
  for (const item of feed.items) {
    new URL(item.url);
    assert.ok(typeof item.id === "string" && item.id);
  }
  const page = (await fetchText(day)).text;
  for (const kind of ["application/rss+xml", "application/atom+xml", "application/feed+json"]) {
    const links = [...page.matchAll(/<link\s[^>]*rel="alternate"[^>]*>/g)].map((m) => m[0]).filter((l) => l.includes(kind));
    assert.ok(links.length > 0, `no alternate of ${kind}`);
    const href = unescape(/href="([^"]+)"/.exec(links[0])[1]);
    assert.equal((await fetchText(href)).status, 200, href);
  }
});

check("asking again", async () => {
  const path = `/api/daily_papers?date=${fact("day")}`;
  const etag = (await fetchText(path)).headers.get("etag");
  if (etag) assert.equal((await fetchText(path, { "If-None-Match": etag })).status, 304);
});

let failed = 0;
for (const { name, run } of checks) {
  try {
    await run();
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}: ${String(error.message).slice(0, 1500)} ${String(error.stack).split("\n").find((l) => l.includes("strict.mjs")) ?? ""}`);
  }
}
console.log(`${checks.length} checks, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
