#!/usr/bin/env bash
# A client in bash, as people write them for a cron job: curl, grep and sed on JSON that
# must be compact, one key after the other. Nothing here reads JSON properly, on purpose.
set -u

base=$FACT_BASE
checks=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	failed=$((failed + 1))
	printf 'FAIL %s\n' "$*"
}

# is WHAT GOT WANT
is() {
	checks=$((checks + 1))
	[ "$2" = "$3" ] || fail "$1: got '${2:0:300}', want '${3:0:300}'"
}

# like WHAT GOT PATTERN
like() {
	checks=$((checks + 1))
	[[ $2 =~ $3 ]] || fail "$1: '${2:0:300}' is not like $3"
}

get() { curl -sS --max-time 30 "$base$1"; }
status() { curl -sS --max-time 30 -o /dev/null -w '%{http_code}' "$base$1"; }
count() { grep -o -- "$1" | wc -l | tr -d ' '; }
ids() { grep -o '"paper":{"id":"[^"]*"' | sed 's/.*:"//; s/"$//'; }

# The day's list: as many papers as each of their counts.
day=$(get "/api/daily_papers?date=$FACT_DAY&limit=100")
papers=$(printf '%s' "$day" | ids | wc -l | tr -d ' ')
like "papers of the day" "$papers" '^[1-9][0-9]*$'
is "compact" "$(printf '%s' "$day" | grep -c '": ')" 0
is "lines" "$(printf '%s\n' "$day" | wc -l | tr -d ' ')" 1
like "start" "$day" '^\[\{"paper":\{"id":"'
is "numComments" "$(printf '%s' "$day" | count '"numComments":[0-9][0-9]*')" "$papers"
is "upvotes, in the paper and beside it" "$(printf '%s' "$day" | count '"upvotes":[0-9][0-9]*[,}]')" "$((papers * 2))"
is "thumbnail" "$(printf '%s' "$day" | count '"thumbnail":"http')" "$papers"
is "isAuthorParticipating" "$(printf '%s' "$day" | grep -oE '"isAuthorParticipating":(true|false)' | wc -l | tr -d ' ')" "$papers"
is "submitted on the day" "$(printf '%s' "$day" | count "\"submittedOnDailyAt\":\"${FACT_DAY}T")" "$papers"
is "times" "$(printf '%s' "$day" | grep -oE '"(publishedAt|submittedOnDailyAt)":"[^"]*"' | grep -cvE ':"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"$')" 0
is "no null" "$(printf '%s' "$day" | count ':null')" 0
is "no escaped HTML" "$(printf '%s' "$day" | count '\\u00[23][6ce]')" 0

# Days without papers, days that are none.
is "weekend" "$(get "/api/daily_papers?date=$FACT_WEEKEND")" "[]"
is "future" "$(get "/api/daily_papers?date=$FACT_FUTURE")" "[]"
is "p=100" "$(get "/api/daily_papers?p=100")" "[]"
is "limit=2" "$(get "/api/daily_papers?limit=2" | ids | wc -l | tr -d ' ')" 2
is "wrong date" "$(status "/api/daily_papers?date=2025-13-40")" 400
is "unknown paper" "$(status "/api/papers/$FACT_UNKNOWN")" 404
curl -fsS -o /dev/null "$base/api/papers/$FACT_UNKNOWN" 2>/dev/null
is "curl --fail" "$?" 22

# Errors say why in the headers and in the body.
body=$(curl -sS -D "$work/headers" "$base/api/papers/$FACT_UNKNOWN")
like "error" "$body" '^\{"error":"[^"]+"'
for name in X-Error-Code X-Error-Message X-Request-Id; do
	like "$name" "$(grep -i "^$name:" "$work/headers" | tr -d '\r')" ': .+'
done

# A list by its Links, as curl shows them.
url="$base/api/daily_papers?month=$FACT_MONTH&limit=9" all="" hops=0
while [ -n "$url" ] && [ $hops -lt 12 ]; do
	page=$(curl -sS -D "$work/headers" "$url")
	all="$all$(printf '%s' "$page" | ids)"$'\n'
	url=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Ll]ink: <\(http[^>]*\)>; rel="next"$/\1/p')
	hops=$((hops + 1))
done
like "pages" "$hops" '^([2-9]|1[0-2])$'
is "no paper twice" "$(printf '%s' "$all" | grep . | sort | uniq -d | wc -l | tr -d ' ')" 0
wanted=$(get "/api/daily_papers?month=$FACT_MONTH&limit=100" | ids | head -n 40)
is "the same as in one page" "$(printf '%s' "$all" | grep . | head -n 40)" "$wanted"

# One paper: the first title is its own, and there is one count of votes.
for id in $FACT_PAPER $FACT_SLASH; do
	paper=$(get "/api/papers/$id")
	like "start of $id" "$paper" "^\{\"id\":\"$id\",\"authors\":\["
	is "votes of $id" "$(printf '%s' "$paper" | count '"upvotes":[0-9][0-9]*')" 1
	title=$(printf '%s' "$paper" | sed 's/.*[,{]"title":"\(\([^"\\]\|\\.\)*\)".*/\1/')
	like "title of $id" "$title" '^.{8,}$'
	is "first title of $id" "$(printf '%s' "$paper" | grep -oE '"title":"([^"\\]|\\.)*"' | head -n 1)" "\"title\":\"$title\""
	like "numComments of $id" "$paper" '"numComments":[0-9]+[,}]'
	like "linkedModels of $id" "$paper" '"linkedModels":\[\],"numTotalModels":0,"linkedDatasets":\[\],"numTotalDatasets":0,"linkedSpaces":\[\],"numTotalSpaces":0'

	# Its markdown, by ending and by Accept.
	text=$(get "/papers/$id.md")
	like "front matter of $id" "$text" '^---'
	is "markdown of $id" "$(curl -sS -H 'Accept: text/markdown' "$base/papers/$id")" "$text"

	# Its page, as it is scraped.
	page=$(get "/papers/$id")
	when=$(printf '%s' "$page" | grep -o '<time [^>]*datetime="[^"]*"' | head -n 1 | sed 's/.*datetime="//; s/"$//')
	like "first time of $id" "$when" '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$'
	is "abstract of $id" "$(printf '%s' "$page" | grep -c 'pb-8 pr-4 md:pr-16')" 1
done
is "unknown markdown" "$(status "/papers/$FACT_UNKNOWN.md")" 404

# The links of a day's page are the papers of its list.
page=$(get "/papers/date/$FACT_DAY")
links=$(printf '%s' "$page" | tr '\n' ' ' | grep -oE '<h3[^>]*> *<a [^>]*href="/papers/[^"]*"' | sed 's/.*href="\/papers\///; s/"$//' | sort -u)
is "links of the page" "$links" "$(printf '%s' "$day" | ids | sort -u)"
is "data of the page" "$(printf '%s' "$page" | count '<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{&quot;dateString&quot;:&quot;')" 1

# Feeds and search.
is "entries of the feed" "$(get "/papers/date/$FACT_DAY.rss" | count '<item>')" "$papers"
found=$(curl -sS -G --data-urlencode "q=$FACT_QUERY" "$base/api/papers/search")
like "search" "$found" '^\[\{"paper":\{"id":"'
like "highlights" "$found" '"highlightedTitle":\[\{"type":"(text|highlight)","text":"'

echo "$checks checks, $failed failed"
[ "$failed" = 0 ]
