package web

import (
	"html/template"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
)

// startPage is where a search begins: what an empty box leads to.
type startPage struct {
	head
	Papers   string // how many can be found, "" while none can
	Notice   string // what the search index lacks, where that matters
	Examples []example
}

// example is a query and what it finds.
type example struct {
	Query string
	Says  template.HTML
}

// Path is the address of its results.
func (e example) Path() string { return askPath(e.Query) }

// helpPage describes the query language.
type helpPage struct {
	head
	Groups []helpGroup
	Most   string // characters that are searched
}

type helpGroup struct {
	Name, Intro string
	Examples    []example
}

var startExamples = []example{
	{"language agents with memory", "words: the papers that are about all of them"},
	{`"chain of thought" -survey`, "a phrase, without surveys"},
	{"author:lecun year:2020..", "somebody’s papers since a year"},
	{"diffusion cat:cs.CV has:code sort:new", "in a category, with code, the newest first"},
}

var helpGroups = []helpGroup{
	{"Words", "Papers are found that have all of the words, or most of many, and those that are near enough in meaning: the best answers come first. Where no paper has all of the words, those with some are shown; else these are one click away. Endings and accents make no difference.", []example{
		{"small language models that reason", "these words, and what is near to them in meaning"},
		{`"attention is all you need"`, "with these words one after another"},
		{"reasoning -survey", "without a word"},
		{`agents -"case study"`, "without a phrase"},
		{"reasoning +benchmark", "with a word in any case"},
		{`"state space" OR mamba`, "with one of both; <code>AND</code>, <code>OR</code> and <code>NOT</code> are in capitals"},
		{`distillation AND (quantization OR pruning)`, "with both; parentheses say what belongs together. Without them <code>AND</code> binds closer than <code>OR</code>, and <code>OR</code> closer than words side by side"},
		{"transform*", "with words that begin so; three letters are needed"},
	}},
	{"Parts of a paper", "A name before a colon says where to look. Several words behind it stand in quotation marks or in parentheses.", []example{
		{`author:"Yann LeCun"`, "names in any order and spelling, with initials too: <code>author:&#34;lecun y&#34;</code>; Mueller finds Müller"},
		{"title:transformer", "in the title"},
		{"title:(graph OR tree)", "with one of both in the title"},
		{`abs:"error bound"`, "in the abstract"},
		{"org:mit", "an organization by its short or full name, or words of it: <code>org:&#34;Tsinghua University&#34;</code>"},
		{`author:hinton OR author:bengio`, "by one of both"},
	}},
	{"Narrowing down", "Filters do not change the order of what is left.", []example{
		{"cat:cs.CL", "in a category of arXiv"},
		{"cat:cs", "in any category of an archive; <code>cat:physics</code> is all of physics"},
		{"cat:cs.CV OR cat:cs.GR", "in one of two categories"},
		{"retrieval -cat:cs.IR", "outside of a category"},
		{"year:2024", "published in a year"},
		{"year:2023..2025", "from a year to a year; <code>year:2024..</code> has no end"},
		{"after:2024-05-01 before:2024-06", "from a day or month on, and before one"},
		{"after:30d", "of the last 30 days; <code>w</code>, <code>m</code> and <code>y</code> are weeks, months and years"},
		{"has:code", "with code; also <code>has:project</code>, <code>has:comments</code> and <code>has:summary</code>"},
		{"-has:code", "without code"},
		{"in:daily", "that stood in an edition"},
		{"votes:>10", "with more than ten votes; also <code>votes:5..20</code>"},
	}},
	{"One paper, and those like it", "", []example{
		{"id:1706.03762", "one paper, to combine with other filters"},
		{"similar:1706.03762", "the papers nearest to one"},
		{"similar:1706.03762 year:2024.. has:code", "of these the newer ones with code"},
	}},
	{"Order", "Without any of these, the best answers come first.", []example{
		{"graph sort:new", "the newest first"},
		{"graph sort:votes", "those with the most votes first"},
		{"graph sort:trending", "those that people value now first"},
	}},
}

// searchStart is /papers?q= with nothing in it.
func (s *site) searchStart(r *request) (*httpserver.Response, error) {
	if !s.Catalog.Searchable() {
		return nil, noSearch
	}
	index, err := s.Catalog.Index(r.Context())
	if err != nil {
		return nil, err
	}
	p := &startPage{head: s.head("Search any paper", ""), Examples: startExamples}
	if index.State() == catalog.IndexBuilding {
		p.Notice = index.Notice()
	} else if index.Papers > 0 {
		p.Papers = plural(index.Papers, "paper")
	}
	p.Robots = "noindex, follow"
	a, err := s.render("start", p)
	if err == nil {
		a.NoCache = true // the index grows on its own
	}
	return a, err
}

// searchHelp is /search/help.
func (s *site) searchHelp(*request) (*httpserver.Response, error) {
	p := &helpPage{head: s.head("How to search", urls.SearchHelp), Groups: helpGroups, Most: number(longestQuery)}
	p.Description = "How to find papers: words, phrases, fields, filters and order, with examples."
	return s.render("help", p)
}
