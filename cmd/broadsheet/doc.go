/*
Broadsheet is a Daily Papers site that anyone can run: it gathers new research
papers, shows each day's as an edition, and keeps what is said about them.

This is the tour of the whole program, from the bottom up: read it once, and you
know which room a change belongs into. Each package's own documentation says where
to start in it and what its callers must keep. doc/design.md says why things are as
they are. Imports run upwards only: a package uses those above it in this list, and
never one of its own floor; internal/layering holds that in a test.

# The vocabulary

	internal/tex           the TeX of titles and abstracts as text and as MathML
	internal/paper         papers, identifiers, feed days, editions, the kinds of error;
	                       how several sources make one paper (Record). No input, no output
	internal/links         code and project pages named in abstracts and remarks
	internal/cite          citations as BibTeX, RIS and CSL-JSON

	internal/spelling      the name that somebody meant, for settings and query fields

A new fact about a paper starts in paper.Paper. A TeX command that shows as its
source goes into tex.

# What comes in

	internal/source        the seam: a Source yields batches of observations after a cursor
	internal/source/record   records from files of any packing, line by line, and what is
	                         wrong with them
	internal/source/arxiv    arXiv's metadata snapshot
	internal/source/hub      another Daily Papers site: its items, counts, organizations
	internal/source/demo     the demonstration catalog that is compiled in

A source that changes its format is repaired here. A new source is a package below
source with a function that returns a Source, and a name in package paper with its place
in the lists of paper/field.go; ingest.Run takes it in.

# What finds papers

	internal/search/analysis  texts as terms: folding, stems, hyphens, formulas
	internal/embedding        texts as vectors: the seam, the model that is compiled in
	                          (static, with train), any server's (remote)
	internal/search           the seam Engine and its contract, the query language, the
	                          formulas of ranking and fusion, highlights
	internal/search/index     the engine in this process, in files of its own: segment has
	                          what never changes, query what answers, index what changes
	internal/search/vector    vectors in short codes, and the scan over them
	internal/search/searchtest  what every engine must pass, and one that scores everything
	internal/search/evaluate  measures of quality on judged collections and on queries made
	                          of a catalog, with a plain BM25 and TF-IDF beside

A new field of a paper that can be searched starts in search.Document. A change of the
ranking is a change of search/scoring.go, measured with broadsheet eval and broadsheet eval
--catalog.

# What is kept, and what is computed

	internal/store         all state, in SQLite or PostgreSQL: tables in migrations/,
	                       one file for each group of questions
	internal/rank          the trending score: numbers in, a score and its parts out
	internal/media         pictures from elsewhere: not shown, linked, or fetched safely

	internal/job           regular work under leases: of several servers one does it
	internal/edition       opens and closes editions by the feed clock

A new field of a paper is a line in paper/field.go, which says whose word holds, and its
place in the store's papers table or their metadata; a new column is a new file in
store/migrations. A new kind of event is a line in paper/event.go, and a call of event in
the transaction of what it tells. A new regular work is a job in app/jobs.go. A change of what trends is a change of rank, and of nothing else.

# Where everything is

	internal/urls          every address, read and written in one table; List names any
	                       list by the address of its page

A new address is a line in urls, and a route of the front end that answers there.

# What readers ask and what operators bring

	internal/catalog       editions, trending, papers, authors, organizations, the
	                       calendar: every front end reads through it
	internal/catalog/markdown  papers and lists as Markdown
	internal/ingest        from a source to the store, in batches that may be interrupted
	internal/indexer       from the store to the search index: the one door to an index,
	                       which opens it, keeps it up to date and knows its lag

A question that a page (or a feed, or an API) asks is a method of catalog.

# The front ends

	internal/httpserver    what is of HTTP: the server and its stop, request ids, the access
	                       log, metrics, limits, readiness; responses as they are sent,
	                       cached, tagged, compressed
	internal/api           the JSON of the Daily Papers API, for the clients people have
	internal/api/v1        our own API; its OpenAPI text is made from the types it serves
	internal/feed          any list as RSS, Atom, JSON Feed, iCalendar, Markdown, BibTeX,
	                       RIS or CSV
	internal/mcpserver     the same questions as tools for agents
	internal/web           the pages: routes.go lists them, templates/ has their HTML,
	                       static/ the style sheet and the script

A new page is a line in routes.go, a typed struct, and a template.

# Putting it together

	internal/config        every setting, with its meaning and default
	internal/app           builds the parts and runs them
	internal/bench         measures search, imports, quality and pages; trains the model
	internal/cli           the commands, their help and exit statuses
	cmd/broadsheet         this: a few lines that call cli

A new setting is one field of config.Config, with its comment and tags; app hands its value to
who needs it. A new command is a file in cli, a new measurement one in bench.

# Around it

	internal/layering      the test of the import rules
	internal/papertest     papers for tests and measurements, in every format that is imported; their feed clock
	internal/catalogtest   the real catalog over papers of a test, with an engine that does as told
	e2e                    the real program in a real browser
	scripts                what make run and make test call

Tests stand beside what they test; `make test` runs them all and says what was
skipped and why.
*/
package main
