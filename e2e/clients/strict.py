"""A client with Python's standard library that takes every rule of the Daily Papers API
to the letter: order of keys, types, forms of times and addresses, errors, headers."""

import datetime
import html
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

from checks import FACTS, check, need, run, same

BASE = FACTS.base

PAPER = """id authors mediaUrls? publishedAt submittedOnDailyAt title submittedOnDailyBy summary upvotes
    discussionId projectPage? githubRepo? githubRepoAddedBy? ai_summary? ai_summary_model? ai_keywords?
    githubStars? organization? withdrawnAt?"""
ITEM = """paper publishedAt title summary mediaUrls? thumbnail numComments submittedBy organization?
    isAuthorParticipating"""
FLAT = "linkedModels numTotalModels linkedDatasets numTotalDatasets linkedSpaces numTotalSpaces"
REPEATED = """title summary upvotes organization ai_summary ai_keywords projectPage githubRepo githubStars
    mediaUrls""".split()
AUTHOR = "_id name hidden user? status? statusLastChangedAt?"
ACCOUNT = "_id avatarUrl isPro fullname user type"
SUBMITTER = "_id avatarUrl fullname name type isPro isHf isHfAdmin isMod followerCount isUserFollowing"
ORGANIZATION = "_id name fullname avatar?"
BRIEF = "id title thumbnailUrl upvotes publishedAt authors summary projectPage?"
STATUSES = {"extracted_pending", "extracted_confirmed", "claimed", "claimed_verified", "admin_assigned"}

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
TIMES = {"publishedAt", "submittedOnDailyAt", "statusLastChangedAt", "withdrawnAt"}
INTEGERS = {"upvotes", "numComments", "githubStars", "followerCount", "numTotalModels", "numTotalDatasets", "numTotalSpaces"}
BOOLEANS = {"hidden", "isPro", "isHf", "isHfAdmin", "isMod", "isUserFollowing", "isAuthorParticipating"}
ADDRESSES = {"avatarUrl", "avatar", "thumbnail", "thumbnailUrl", "projectPage", "githubRepo"}
LISTS = {"mediaUrls", "ai_keywords", "authors", "linkedModels", "linkedDatasets", "linkedSpaces"}
OBJECTS = {"paper", "submittedBy", "submittedOnDailyBy", "organization"}


def fetch(url, **headers):
    request = urllib.request.Request(urllib.parse.urljoin(BASE, url), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode("utf-8")


def unique(pairs):
    keys = [key for key, _ in pairs]
    same(len(set(keys)), len(keys), "a key stands twice in", keys)
    return dict(pairs)


def get(url, status=200, **headers):
    """The JSON at an address; it must be compact, and written as JavaScript would."""
    got, header, text = fetch(url, **headers)
    same(got, status, url, text[:300])
    same(header["Content-Type"], "application/json; charset=utf-8", url, "Content-Type")
    need(header["X-Request-Id"], url, "has no X-Request-Id")
    value = json.loads(text, object_pairs_hook=unique)
    same(text.strip(), json.dumps(value, separators=(",", ":"), ensure_ascii=False), url, "is not compact")
    return value


def next_of(header):
    """The address of the next page, as a Link names it; it must be absolute."""
    link = header["Link"]
    if not link:
        return None
    m = re.fullmatch(r'<(https?://[^>]+)>; rel="next"', link)
    need(m, "Link", link)
    need(m[1].startswith(BASE + "/api/"), "Link leads to", m[1])
    return m[1]


def walk(url, most=30):
    """All items of a list by its Links."""
    items = []
    for _ in range(most):
        status, header, text = fetch(url)
        same(status, 200, url, text[:300])
        items += json.loads(text)
        url = next_of(header)
        if not url:
            break
    return items


def shape(value, keys, of):
    """Value has these keys in this order, those with ? perhaps, and may have others."""
    known = [key.rstrip("?") for key in keys.split()]
    same([k for k in value if k in known], [k for k in known if k in value], of, "order of keys")
    for key in keys.split():
        need(key.endswith("?") or key in value, of, "has no", key)
    for key, v in value.items():
        plain(key, v, f"{of}.{key}")


def plain(key, v, of):
    """A value is of its key's type."""
    need(v is not None, of, "is null")
    if key in TIMES:
        need(isinstance(v, str) and TIME.fullmatch(v), of, v)
        datetime.datetime.strptime(v, "%Y-%m-%dT%H:%M:%S.000Z" if v.endswith(".000Z") else "%Y-%m-%dT%H:%M:%S.%fZ")
    elif key in INTEGERS:
        need(type(v) is int and v >= 0, of, v)
    elif key in BOOLEANS:
        need(type(v) is bool, of, v)
    elif key in ADDRESSES:
        address(v, of)
    elif key == "mediaUrls":
        need(v, of, "is empty")
        for one in v:
            address(one, of)
    elif key == "ai_keywords":
        need(v and all(isinstance(k, str) and k for k in v), of, v)
    elif key in OBJECTS:
        need(isinstance(v, dict), of, v)
    elif key in LISTS:
        need(isinstance(v, list), of, v)
    elif isinstance(v, str) and key not in ("title", "summary", "text"):
        need(v, of, "is an empty text")


def address(v, of):
    parts = urllib.parse.urlsplit(v)
    need(parts.scheme in ("http", "https") and parts.hostname and " " not in v, of, "is no address:", v)


def whole_paper(paper, of, edition=True):
    """A paper; one that stands in no edition was submitted by nobody."""
    keys = PAPER if edition else PAPER.replace("submittedOnDailyAt", "submittedOnDailyAt?").replace("submittedOnDailyBy", "submittedOnDailyBy?")
    shape(paper, keys, of)
    need(paper["title"], of, "has no title")
    for i, author in enumerate(paper["authors"]):
        shape(author, AUTHOR, f"{of}.authors[{i}]")
        need(isinstance(author["_id"], str), of, author)
        need(author.get("status", "claimed") in STATUSES, of, author)
        if "user" in author:
            need(isinstance(author["user"], dict), of, author)
            shape(author["user"], ACCOUNT, f"{of}.authors[{i}].user")
    same(len({a["_id"] for a in paper["authors"]}), len(paper["authors"]), of, "keys of authors")
    if "submittedOnDailyBy" in paper:
        shape(paper["submittedOnDailyBy"], ACCOUNT, of + ".submittedOnDailyBy")
    if "organization" in paper:
        shape(paper["organization"], ORGANIZATION, of + ".organization")
    need(paper.get("githubRepoAddedBy", "user") in ("user", "auto"), of, paper.get("githubRepoAddedBy"))


def whole_item(item, edition=True):
    paper = item["paper"]
    of = paper["id"]
    whole_paper(paper, of, edition)
    shape(item, ITEM, of + " item")
    need("authors" not in item and "id" not in item, of, "authors or id at the top")
    for key in REPEATED:
        same(item.get(key), paper.get(key), of, "at the top,", key)
    shape(item["submittedBy"], SUBMITTER, of + ".submittedBy")
    same(item["submittedBy"]["user"], item["submittedBy"]["name"], of, "submittedBy.user")


def ids(items):
    return [item["paper"]["id"] for item in items]


def wrong(url, status=400, **headers):
    """An error says what is wrong, in the body and in headers."""
    got, header, _ = fetch(url, **headers)
    value = get(url, status=status, **headers)
    need(isinstance(value.get("error"), str) and value["error"], url, value)
    need(header["X-Error-Message"] and header["X-Error-Code"], url, "has no X-Error headers")
    need(re.fullmatch(r"[A-Za-z]+", header["X-Error-Code"]), header["X-Error-Code"])


@check
def newest():
    items = get("/api/daily_papers")
    same(len(items), 50, "without a limit")
    for item in items:
        whole_item(item)
    times = [item["paper"]["publishedAt"] for item in items]
    same(times, sorted(times, reverse=True), "by publication")
    same(get("/api/daily_papers?sort=publishedAt&p=0&limit=50"), items, "the same in other words")
    for item in get("/api/daily_papers?sort=trending&limit=20"):
        whole_item(item)


@check
def links():
    url = f"/api/daily_papers?month={FACTS.month}"
    whole = walk(url + "&limit=100")
    need(whole, "no papers in", FACTS.month)
    step = max(2, len(whole) // 9)
    parts = walk(f"{url}&limit={step}")
    same(ids(parts), ids(whole), "by pages of", step)
    same(len(set(ids(whole))), len(whole), "papers that stand twice")
    same(next_of(fetch(f"{url}&limit=100&p={(len(whole) - 1) // 100}")[1]), None, "after the last page")
    same(get(url + "&p=100"), [], "p=100")


@check
def a_day():
    items = get(f"/api/daily_papers?date={FACTS.day}&limit=100")
    need(items, FACTS.day, "is empty")
    for item in items:
        whole_item(item)
        same(item["paper"]["submittedOnDailyAt"][:10], FACTS.day, item["paper"]["id"])
        same(item["submittedBy"]["name"], item["paper"]["submittedOnDailyBy"]["user"], item["paper"]["id"])
    year, month, day = map(int, FACTS.day.split("-"))
    same(get(f"/api/daily_papers?date={year}-{month}-{day}&limit=100"), items, "unpadded")
    same(sorted(ids(get(f"/api/daily_papers?date={FACTS.day}&limit=100&sort=trending"))), sorted(ids(items)), "sort")
    for date in (FACTS.weekend, FACTS.future, "1999-01-04"):
        same(get("/api/daily_papers?date=" + date), [], date)


@check
def weeks_and_months():
    year, week = map(int, FACTS.week.split("-W"))
    monday = datetime.date.fromisocalendar(year, week, 1)
    days = [(monday + datetime.timedelta(days=n)).isoformat() for n in range(7)]
    items = walk(f"/api/daily_papers?week={FACTS.week}&limit=100")
    for item in items:
        need(item["paper"]["submittedOnDailyAt"][:10] in days, item["paper"]["id"], "is not of", FACTS.week)
    single = set()
    for day in days:
        single |= set(ids(get(f"/api/daily_papers?date={day}&limit=100")))
    same(set(ids(items)), single, "the days of the week")
    for item in walk(f"/api/daily_papers?month={FACTS.month}&limit=100"):
        same(item["paper"]["submittedOnDailyAt"][:7], FACTS.month, item["paper"]["id"])


@check
def submitters():
    for item in walk(f"/api/daily_papers?submitter={FACTS.submitter}&limit=40", most=4):
        same(item["submittedBy"]["name"], FACTS.submitter, item["paper"]["id"])
    same(get("/api/daily_papers?submitter=nobody-of-this-name"), [], "nobody")


@check
def errors():
    for query in ("date=2025-13-40", "date=today-ish", "week=2025-W60", "month=2025-13", "limit=0", "limit=101", "limit=x", "p=-1", "sort=votes"):
        wrong("/api/daily_papers?" + query)
    wrong("/api/papers/search?q=x&limit=121")
    wrong("/api/papers?limit=101")
    wrong("/api/papers/" + FACTS.unknown, 404)
    wrong("/api/papers/" + FACTS.unknown, 404, Authorization="Bearer hf_nobody")
    wrong("/api/whoami-v2", 401)
    wrong("/api/nothing-of-this-name", 404)


@check
def strangers_tokens():
    want = get(f"/api/daily_papers?date={FACTS.day}")
    same(get(f"/api/daily_papers?date={FACTS.day}", Authorization="Bearer hf_nobodyKnowsThisToken"), want, "with a token")


@check
def search():
    items = get("/api/papers/search?limit=30&q=" + urllib.parse.quote(FACTS.query))
    need(items, "nothing was found")
    for item in items:
        whole_item(item, edition=False)
        for key in ("highlightedTitle", "highlightedSummary"):
            for part in item[key]:
                same(list(part), ["type", "text"], key)
                need(part["type"] in ("text", "highlight"), part)
        if not set("\\$") & set(item["title"]) and "--" not in item["title"]:  # TeX is shown as what it means
            same("".join(part["text"] for part in item["highlightedTitle"]).split(), item["title"].split(), item["paper"]["id"])
    need(any(p["type"] == "highlight" for item in items for p in item["highlightedTitle"] + item["highlightedSummary"]), "no highlight")
    same(get("/api/papers/search?q=zzqqzzqqxx"), [], "a word that nobody uses")
    same(get("/api/papers/search?q=" + "x" * 251), [], "more than 250 characters")
    cut = urllib.parse.quote(FACTS.query + " " * (250 - len(FACTS.query)) + "zzqqzzqqxx")
    same([item["paper"]["id"] for item in get("/api/papers/search?limit=30&q=" + cut)], [item["paper"]["id"] for item in items], "cut at 250 characters")


@check
def all_papers():
    first = get("/api/papers?limit=7")
    same(len(first), 7, "limit=7")
    for brief in first:
        shape(brief, BRIEF, brief["id"])
        for author in brief["authors"]:
            shape(author, AUTHOR, brief["id"])
    papers = walk("/api/papers?limit=20", most=4)
    same(len({p["id"] for p in papers}), len(papers), "papers that stand twice")
    same([p["id"] for p in papers[:7]], [p["id"] for p in first], "the first page")


@check
def one_paper():
    for id in filter(None, (FACTS.paper, FACTS.slash)):
        paper = get("/api/papers/" + id)
        same(paper["id"], id, "id")
        whole_paper(paper, id)
        shape(paper, FLAT, id)
        plain("numComments", paper["numComments"], id)
        same(get("/api/papers/" + id + "?field=comments")["id"], id, "with the discussion")
        repos = get(f"/api/arxiv/{id}/repos")
        same({k: repos[k] for k in ("models", "datasets", "spaces")}, {"models": [], "datasets": [], "spaces": []}, "repos")
        for kind in ("models", "datasets", "spaces"):
            same(get(f"/api/{kind}?filter=arxiv:{id}"), [], kind)
        same(get(f"/api/collections?paper={id}"), [], "collections")


@check
def same_in_lists():
    """A paper is the same by itself and in lists."""
    for item in get(f"/api/daily_papers?date={FACTS.day}&limit=5"):
        alone = get("/api/papers/" + item["paper"]["id"])
        for key, value in item["paper"].items():
            if not key.startswith("submittedOnDaily"):
                same(alone.get(key), value, item["paper"]["id"], key)
        same(alone["numComments"], item["numComments"], item["paper"]["id"], "numComments")


@check
def markdown():
    for id in filter(None, (FACTS.paper, FACTS.slash)):
        _, header, text = fetch(f"/papers/{id}.md")
        same(header["Content-Type"].split(";")[0], "text/markdown", id)
        title = get("/api/papers/" + id)["title"]
        need(" ".join(title.split()) in " ".join(text.split()), id, "has no title")
        _, header, other = fetch(f"/papers/{id}", Accept="text/markdown")
        same(header["Content-Type"].split(";")[0], "text/markdown", id, "by Accept")
        same(other, text, id, "by Accept")
        need("Accept" in (header["Vary"] or ""), id, "Vary", header["Vary"])
    same(fetch(f"/papers/{FACTS.unknown}.md")[0], 404, "unknown")


PROPS = re.compile(r'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="([^"]*)">')
PAGE = """dateString dailyPapers prevDate nextDate? lastDate? periodType query isTrending publisher canSubmit
    searchResults?"""


@check
def list_pages():
    pages = {
        "/papers": "day", f"/papers/date/{FACTS.day}": "day", f"/papers/week/{FACTS.week}": "week",
        f"/papers/month/{FACTS.month}": "month", "/papers/trending": None,
        "/papers?q=" + urllib.parse.quote(FACTS.query): None,
    }
    for path, kind in pages.items():
        status, _, page = fetch(path)
        same(status, 200, path)
        found = PROPS.findall(page)
        same(len(found), 1, path, "data-props")
        props = json.loads(html.unescape(found[0]), object_pairs_hook=unique)
        known = [key.rstrip("?") for key in PAGE.split()]
        same([k for k in props if k in known], [k for k in known if k in props], path, "order of keys")
        need(all(k.endswith("?") or k in props for k in PAGE.split()), path, list(props))
        need(kind in (None, props["periodType"]), path, props["periodType"])
        same(props["isTrending"], path == "/papers/trending", path, "isTrending")
        need(props["dailyPapers"], path, "no papers")
        for item in props["dailyPapers"]:
            whole_item(item, edition=kind is not None)
        if kind == "day" and path != "/papers":
            same(sorted(ids(props["dailyPapers"])), sorted(ids(get(f"/api/daily_papers?date={FACTS.day}&limit=100"))), path)


@check
def feed():
    status, header, text = fetch(f"/papers/date/{FACTS.day}.rss")
    same(status, 200, text[:200])
    need("rss" in header["Content-Type"] or "xml" in header["Content-Type"], header["Content-Type"])
    items = xml.etree.ElementTree.fromstring(text).findall("./channel/item")
    want = get(f"/api/daily_papers?date={FACTS.day}&limit=100")
    same(len(items), len(want), "entries")
    same(len({item.find("guid").text for item in items}), len(items), "guids")
    for item in items:
        need(item.find("title").text.strip(), "an entry has no title")
        address(item.find("link").text, "link")
    links = [urllib.parse.urlsplit(item.find("link").text).path for item in items]
    same(sorted(links), sorted("/papers/" + id for id in ids(want)), "links")


run()
