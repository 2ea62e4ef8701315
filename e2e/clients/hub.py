"""Asks all that huggingface_hub has for papers, at any version since paper lists carry
their fields at the top, and looks at every attribute that it fills.

HF_ENDPOINT names the site; the library reads it when it is imported. FACT_ITEMS names the
file that the site was filled from, or is empty when only what holds for any site is asked.
"""

import datetime
import json

import huggingface_hub
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from checks import FACTS, check, need, run, same

API = HfApi()
LISTS = hasattr(API, "list_daily_papers")
READS = hasattr(API, "read_paper")
UTC = datetime.timezone.utc


def daily(**params):
    return list(API.list_daily_papers(**params))


def everything(**params):
    """All pages of a list."""
    papers = []
    while page := daily(limit=100, p=len(papers) // 100, **params):
        papers += page
    return papers


def ids(papers):
    return [p.id for p in papers]


def fails(status, call, words=True):
    """Asks for what must fail, and for what the library can then tell its user."""
    try:
        call()
    except HfHubHTTPError as error:
        same(error.response.status_code, status, "status")
        need(error.server_message or not words, "the error has no message of the server:", error)
        need(error.request_id, "the error has no request id:", error)
        return
    raise AssertionError(f"no error, want {status}")


def source():
    """The last that the source says about each paper, and the papers of each day."""
    papers, days = {}, {}
    if FACTS.items:
        with open(FACTS.items, encoding="utf-8") as lines:
            for line in lines:
                item = json.loads(line)
                id = item["paper"]["id"]
                papers[id] = item
                days.setdefault(item["_list_date"], []).append(id)
    return papers, days


SOURCE, DAYS = source()


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def words(text):
    return " ".join(text.split())


def types(p):
    """Every attribute has the type that the library documents."""
    need(isinstance(p.id, str) and p.id, "id", p.id)
    need(isinstance(p.title, str) and p.title, p.id, "title")
    need(isinstance(p.summary, str), p.id, "summary")
    need(isinstance(p.authors, list) or p.authors is None, p.id, "authors")
    for at in (p.published_at, p.submitted_at):
        need(isinstance(at, datetime.datetime) and at.tzinfo, p.id, "times", at)
    need(type(p.upvotes) is int and p.upvotes >= 0, p.id, "upvotes", p.upvotes)
    need(type(p.comments) is int and p.comments >= 0, p.id, "comments", p.comments)
    need(isinstance(p.discussion_id, str) and p.discussion_id, p.id, "discussion_id")
    need(p.source is None, p.id, "source")
    for name in ("ai_summary", "project_page", "github_repo"):
        value = getattr(p, name, None)
        need(value is None or isinstance(value, str) and value, p.id, name, value)
    keywords = getattr(p, "ai_keywords", None)
    need(keywords is None or all(isinstance(k, str) for k in keywords), p.id, "ai_keywords")
    stars = getattr(p, "github_stars", None)
    need(stars is None or type(stars) is int, p.id, "github_stars", stars)
    person(p.submitted_by, p.id)
    organization = getattr(p, "organization", None)
    if organization and not isinstance(organization, dict):
        need(organization.name and organization.fullname, p.id, "organization", organization)
        need(organization.avatar_url or getattr(organization, "avatar", "x"), p.id, "avatar of", organization)
    for a in p.authors or []:
        author(a, p.id)


def person(user, of):
    need(user is not None, of, "submitted_by")
    need(user.username, of, "submitted_by has no username", user)
    need(user.fullname, of, "submitted_by has no fullname", user)
    need(user.avatar_url.startswith(("http://", "https://")), of, "avatar_url", user.avatar_url)
    need(isinstance(user.is_pro, bool), of, "is_pro")
    need(user.user_type in ("user", "org"), of, "user_type", user.user_type)


def author(a, of):
    if isinstance(a, str):  # as the library had it until 2026
        need(a, of, "an author without a name")
        return
    need(a.name, of, "an author without a name")
    need(isinstance(a.hidden, bool), of, "hidden", a)
    need(a._id, of, "an author without a key")
    need(a.status_last_changed_at is None or a.status_last_changed_at.tzinfo, of, a)
    if a.user:
        person(a.user, of)


def as_source(p, day=None):
    """The paper is as the source has it, attribute by attribute."""
    item = SOURCE[p.id]
    paper = item["paper"]
    same(words(p.title), words(paper["title"]), p.id, "title")
    same(words(p.summary), words(paper["summary"]), p.id, "summary")
    same(p.upvotes, paper["upvotes"], p.id, "upvotes")
    same(p.comments, item["numComments"], p.id, "comments")
    same(p.discussion_id, paper["discussionId"], p.id, "discussion_id")
    same(p.published_at, moment(paper["publishedAt"]), p.id, "published_at")
    if day:
        same(p.submitted_at.date().isoformat(), day, p.id, "submitted_at")
    by = paper["submittedOnDailyBy"]
    same(p.submitted_by.username, by["user"], p.id, "username")
    same(p.submitted_by.fullname, by["fullname"], p.id, "fullname")
    same(p.submitted_by.is_pro, by["isPro"], p.id, "is_pro")
    need(p.submitted_by.avatar_url.endswith(by["avatarUrl"]), p.id, "avatar", p.submitted_by.avatar_url)
    authors_as_source(p, paper["authors"])
    renamed = {
        "ai_summary": "ai_summary", "ai_keywords": "ai_keywords", "project_page": "projectPage", "github_repo": "githubRepo",
    }
    if "githubRepo" in paper:
        renamed["github_stars"] = "githubStars"
    for attribute, key in renamed.items():
        # A version that does not know an attribute keeps the key as it came. No stars
        # and stars that nobody counted are one.
        same(getattr(p, attribute, None) or getattr(p, key, None), paper.get(key) or None, p.id, attribute)
    organization_as_source(p, paper.get("organization"))


def authors_as_source(p, want):
    if p.authors and isinstance(p.authors[0], str):
        same(p.authors, [a["name"] for a in want], p.id, "authors")
        return
    same([a.name for a in p.authors or []], [a["name"] for a in want], p.id, "authors")
    for got, a in zip(p.authors or [], want):
        same(got._id, a["_id"], p.id, "key of", a["name"])
        same(got.hidden, a["hidden"], p.id, "hidden of", a["name"])
        same(got.status, a.get("status"), p.id, "status of", a["name"])
        same(bool(got.user), "user" in a, p.id, "user of", a["name"])
        if got.user:
            same(got.user.username, a["user"]["user"], p.id, "username of", a["name"])
        changed = a.get("statusLastChangedAt")
        same(got.status_last_changed_at, moment(changed) if changed else None, p.id, "statusLastChangedAt of", a["name"])


def organization_as_source(p, want):
    got = p.organization if hasattr(p, "organization") else None
    if want is None:
        same(got, None, p.id, "organization")
        return
    value = got.get if isinstance(got, dict) else lambda name: getattr(got, name)
    for name in ("name", "fullname", "avatar"):
        same(value(name), want[name], p.id, "organization's", name)


@check
def endpoint():
    same(huggingface_hub.constants.ENDPOINT, FACTS.base, "HF_ENDPOINT")


@check
def info():
    p = API.paper_info(FACTS.paper)
    same(p.id, FACTS.paper, "id")
    types(p)
    linked = {"linked_models": "linkedModels", "linked_datasets": "linkedDatasets", "linked_spaces": "linkedSpaces"}
    for attribute, key in linked.items():
        same(getattr(p, attribute, None) or getattr(p, key, []), [], attribute)
    if SOURCE:
        as_source(p)


@check
def info_of_all():
    for id in SOURCE:
        p = API.paper_info(id)
        types(p)
        as_source(p)


@check
def info_unknown():
    fails(404, lambda: API.paper_info(FACTS.unknown))
    fails(404, lambda: API.paper_info("no-paper-of-any-kind"))


@check
def search():
    papers = list(API.list_papers(query=FACTS.query))
    need(papers, "nothing was found for", FACTS.query)
    for p in papers:
        types(p)
        if SOURCE:
            as_source(p)
    same(ids(list(API.list_papers(query=FACTS.query, token=False))), ids(papers), "without a token")
    same(ids(list(API.list_papers(query=FACTS.query, token="hf_nobodyKnowsThisToken"))), ids(papers), "with a token")


@check
def search_by_title():
    title = API.paper_info(FACTS.paper).title
    need(FACTS.paper in ids(API.list_papers(query=title[:250]))[:3], "the paper is not among the first for its title")


@check
def search_limits():
    if not LISTS:  # before that, searches had no limit
        return
    for limit in (1, 5, 120):
        got = list(API.list_papers(query=FACTS.query, limit=limit))
        need(0 < len(got) <= limit, "limit", limit, "gives", len(got))
    same(list(API.list_papers(query="x" * 251)), [], "more than 250 characters")
    fails(400, lambda: list(API.list_papers(query=FACTS.query, limit=121)))
    same(list(API.list_papers(query="zzqqzzqqxx")), [], "a word that nobody uses")


@check
def newest():
    if not LISTS:
        return
    same(len(daily(limit=2)), 2, "limit=2")
    papers = daily()
    same(len(papers), 50, "no limit")
    for p in papers:
        types(p)
    same(ids(daily(sort="publishedAt")), ids(papers), "sort=publishedAt")
    published = [p.published_at for p in papers]
    same(published, sorted(published, reverse=True), "by publication")
    trending = daily(sort="trending", limit=10)
    same(len(trending), 10, "trending")


@check
def pages():
    if not LISTS:
        return
    first, second, both = daily(limit=10), daily(limit=10, p=1), daily(limit=20, p=0)
    same(ids(first) + ids(second), ids(both), "pages")
    same(len(set(ids(both))), 20, "papers on two pages")
    same(daily(p=100), [], "p=100")
    for limit in (0, 101):
        fails(400, lambda: daily(limit=limit))


@check
def a_day():
    if not LISTS:
        return
    papers = daily(date=FACTS.day, limit=100)
    need(papers, "no papers on", FACTS.day)
    for p in papers:
        types(p)
        same(p.submitted_at.date().isoformat(), FACTS.day, p.id, "submitted_at")
    same(sorted(ids(daily(date=FACTS.day, limit=100, sort="trending"))), sorted(ids(papers)), "sorted otherwise")
    year, month, day = (int(n) for n in FACTS.day.split("-"))
    same(ids(daily(date=f"{year}-{month}-{day}", limit=100)), ids(papers), "unpadded")
    for name in ("weekend", "future"):
        same(daily(date=getattr(FACTS, name)), [], name)
    for date in ("2025-13-40", "2025-02-30", "yesterday"):
        fails(400, lambda: daily(date=date))


@check
def days_of_the_source():
    if not LISTS:
        return
    for day, want in DAYS.items():
        papers = daily(date=day, limit=100)
        same(sorted(ids(papers)), sorted(want), day)
        for p in papers:
            as_source(p, day)


@check
def a_week():
    if not LISTS:
        return
    papers = everything(week=FACTS.week)
    need(papers, "no papers in", FACTS.week)
    year, week = FACTS.week.split("-W")
    monday = datetime.date.fromisocalendar(int(year), int(week), 1)
    friday, sunday = monday - datetime.timedelta(days=3), monday + datetime.timedelta(days=6)
    for p in papers:
        types(p)
        need(friday <= p.submitted_at.date() <= sunday, p.id, "was submitted at", p.submitted_at)
    for wrong in ("2025-W60", "2025-00", "week"):
        fails(400, lambda: daily(week=wrong))


@check
def a_month():
    if not LISTS:
        return
    papers = everything(month=FACTS.month)
    need(papers, "no papers in", FACTS.month)
    for p in papers:
        types(p)
        same(p.submitted_at.date().isoformat()[:7], FACTS.month, p.id, "submitted_at")
    fails(400, lambda: daily(month="2025-13"))


@check
def a_submitter():
    if not LISTS:
        return
    papers = daily(submitter=FACTS.submitter, limit=20)
    need(papers, "nothing by", FACTS.submitter)
    for p in papers:
        same(p.submitted_by.username, FACTS.submitter, p.id)
    same(daily(submitter="nobody-of-this-name"), [], "nobody")
    both = daily(submitter=FACTS.submitter, month=FACTS.month, sort="trending", limit=5, p=0, token="hf_nobodyKnowsThisToken")
    for p in both:
        same((p.submitted_by.username, p.submitted_at.date().isoformat()[:7]), (FACTS.submitter, FACTS.month), p.id)


@check
def read():
    if not READS:
        return
    for id in filter(None, (FACTS.paper, FACTS.slash)):
        text = API.read_paper(id)
        p = API.paper_info(id)
        need(words(p.title) in words(text), id, "markdown has no title")
        need(f"/papers/{id}" in text, id, "markdown has no address")
        need("<html" not in text, id, "markdown is a page")
        need(p.authors[0].name in text, id, "markdown has no authors")
    fails(404, lambda: API.read_paper(FACTS.unknown), words=False)  # a page, for people


run()
