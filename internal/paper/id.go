package paper

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An ID names a paper: an arXiv identifier without version ("2401.01234",
// "hep-th/9901001") or, for a paper that is not on arXiv, a DOI ("10.1145/3292500").
// One paper has one ID: the subject class of an old arXiv identifier is left out
// and a DOI is in lower case. Make one with [ParseID], [ParseVersioned] or [MendID].
type ID string

const (
	maxIDBytes    = 200
	maxInputBytes = 2000 // addresses carry queries that are not part of the ID
	idHint        = "use an arXiv identifier (2401.01234 or hep-th/9901001), a DOI (10.1145/3292500), or the address of a paper's page"
	arXivDOI      = "10.48550/arxiv."
)

// archives are the arXiv archives that gave out identifiers of the old form,
// archive/yymmnnn, which ended with March 2007.
var archives = []string{
	"acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an",
	"chao-dyn", "chem-ph", "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an",
	"gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th",
	"nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio",
	"quant-ph", "solv-int", "supr-con",
}

// ParseID reads a paper's identifier in the forms people paste: an arXiv
// identifier with or without "arXiv:" and version, a DOI with or without "doi:",
// or the address of a paper's page on arXiv and its mirrors, ar5iv, alphaXiv,
// doi.org, or any Daily Papers site. The error is an *InvalidError.
func ParseID(s string) (ID, error) {
	id, _, err := ParseVersioned(s)
	return id, err
}

// ParseVersioned is [ParseID] that also gives the version that was asked for, 0
// when none was.
func ParseVersioned(s string) (ID, int, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", 0, Invalid("paper id", "nothing was given; %s", idHint)
	}
	if len(s) > maxInputBytes {
		return "", 0, Invalid("paper id", "this is too long; %s", idHint)
	}
	id, version, ok := parseBare(s)
	if !ok {
		id, version, ok = parseAddress(s)
	}
	if !ok {
		return "", 0, Invalid("paper id", "%q is not one; %s", Shorten(s), idHint)
	}
	return id, version, nil
}

// parseBare reads an identifier that is not inside an address.
func parseBare(s string) (ID, int, bool) {
	if rest, ok := cutPrefixFold(s, "arxiv:"); ok {
		return parseArXiv(cutClass(strings.TrimLeft(rest, " \t")))
	}
	if rest, ok := cutPrefixFold(s, "doi:"); ok {
		return parseDOI(strings.TrimLeft(rest, " \t"))
	}
	if strings.HasPrefix(s, "10.") {
		return parseDOI(s)
	}
	return parseArXiv(cutClass(s))
}

// cutClass takes off the category that arXiv prints behind an identifier:
// "2401.01234v2 [cs.LG]".
func cutClass(s string) string {
	if !strings.HasSuffix(s, "]") {
		return s
	}
	before, class, _ := strings.Cut(s, " [")
	if strings.ContainsAny(class, " [/") {
		return s
	}
	return before
}

// parseDOI reads a DOI. arXiv's own DOIs name arXiv papers.
func parseDOI(s string) (ID, int, bool) {
	if !validDOI(s) {
		return "", 0, false
	}
	s = strings.ToLower(s)
	if rest, ok := strings.CutPrefix(s, arXivDOI); ok {
		return parseArXiv(rest)
	}
	return ID(s), 0, true
}

// validDOI reports whether s is a registrant ("10." and four to nine digits, with
// subdivisions) and a suffix that may stand in a path.
func validDOI(s string) bool {
	prefix, suffix, found := strings.Cut(s, "/")
	if !found || len(s) > maxIDBytes || strings.Contains(s, "..") {
		return false
	}
	registrant, isDOI := strings.CutPrefix(prefix, "10.")
	number, _, _ := strings.Cut(registrant, ".")
	if !isDOI || len(number) < 4 || len(number) > 9 || !digits(strings.ReplaceAll(registrant, ".", "")) {
		return false
	}
	for part := range strings.SplitSeq(suffix, "/") {
		if part == "" || part == "." { // a web server would clean these away
			return false
		}
	}
	return strings.IndexFunc(s, notInDOI) < 0
}

func notInDOI(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }

// parseArXiv reads an arXiv identifier, with a version or without.
func parseArXiv(s string) (ID, int, bool) {
	if len(s) > maxIDBytes {
		return "", 0, false
	}
	s, version, ok := cutVersion(s)
	if !ok {
		return "", 0, false
	}
	if archive, number, old := strings.Cut(s, "/"); old {
		id, ok := parseOld(archive, number)
		return id, version, ok
	}
	yymm, number, _ := strings.Cut(s, ".")
	if !validMonth(yymm) || yymm < "0704" || len(number) != width(yymm) || !digits(number) {
		return "", 0, false
	}
	return ID(s), version, true
}

// parseOld reads "archive.class/yymmnnn".
func parseOld(archive, number string) (ID, bool) {
	archive, class, classed := strings.Cut(strings.ToLower(archive), ".")
	if classed && (len(class) < 2 || strings.Trim(class, "abcdefghijklmnopqrstuvwxyz-") != "") {
		return "", false
	}
	if _, known := slices.BinarySearch(archives, archive); !known {
		return "", false
	}
	if len(number) != 7 || !digits(number) || !validMonth(number[:4]) {
		return "", false
	}
	if yymm := number[:4]; yymm > "0703" && yymm < "9101" {
		return "", false
	}
	return ID(archive + "/" + number), true
}

// cutVersion takes "v2" off the end.
func cutVersion(s string) (string, int, bool) {
	i := strings.LastIndexAny(s, "vV")
	if i < 0 || i == len(s)-1 || !digits(s[i+1:]) {
		return s, 0, true
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil || n < 1 || n > 9999 || s[i+1] == '0' {
		return s, 0, false
	}
	return s[:i], n, true
}

// validMonth reports whether s is yymm.
func validMonth(s string) bool {
	return len(s) == 4 && digits(s) && s[2:] >= "01" && s[2:] <= "12"
}

// width is how many digits follow the point in identifiers of a month: five
// since January 2015.
func width(yymm string) int {
	if yymm < "1501" {
		return 4
	}
	return 5
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// parseAddress reads the URL of a paper's page, with or without its scheme, or
// the path of one of our own pages.
func parseAddress(s string) (ID, int, bool) {
	for _, scheme := range []string{"https:", "http:"} {
		s, _ = cutPrefixFold(s, scheme)
	}
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i]
	}
	host, path := splitHost(s)
	path, err := url.PathUnescape(strings.TrimRight(path, "/"))
	if err != nil {
		return "", 0, false
	}
	switch {
	case slices.Contains(doiHosts, host):
		return parseDOI(path)
	case isArXivHost(host):
		_, path, _ = strings.Cut(path, "/") // abs, pdf, html, ...
		return parseBare(cutExtension(path))
	}
	return parsePapersPath(path)
}

var (
	doiHosts   = []string{"doi.org", "dx.doi.org", "www.doi.org"}
	arXivHosts = []string{"arxiv.org", "xxx.lanl.gov", "alphaxiv.org", "ar5iv.org"}
)

func isArXivHost(host string) bool {
	return slices.ContainsFunc(arXivHosts, func(known string) bool {
		return host == known || strings.HasSuffix(host, "."+known)
	})
}

// splitHost parts "//host:port/path". Without the two slashes the first segment
// is a host when it has a dot.
func splitHost(s string) (host, path string) {
	rest, slashes := strings.CutPrefix(s, "//")
	first, path, _ := strings.Cut(rest, "/")
	if !slashes && !strings.Contains(first, ".") {
		return "", strings.TrimPrefix(s, "/")
	}
	host, _, _ = strings.Cut(strings.ToLower(first), ":")
	return strings.TrimSuffix(host, "."), path
}

// parsePapersPath reads "papers/ID", below any prefix a site may be served under.
func parsePapersPath(path string) (ID, int, bool) {
	_, rest, found := strings.Cut("/"+path, "/papers/")
	if !found {
		return "", 0, false
	}
	if id, version, ok := parseBare(rest); ok {
		return id, version, true
	}
	return parseBare(cutExtension(rest))
}

// cutExtension takes off what names a file format rather than a paper.
func cutExtension(s string) string {
	for _, ext := range []string{".pdf", ".ps.gz", ".ps", ".csl.json", ".json", ".bib", ".ris", ".md"} {
		if rest, ok := strings.CutSuffix(s, ext); ok {
			return rest
		}
	}
	return s
}

// MendID reads a bare identifier and repairs one that went through a
// floating-point number: zeros lost on the left (804.1406) or on the right
// (1001.002), and digits that stand for a rounding error (1907.0374199999999). It
// reports whether it did, and refuses what could stand for several papers.
func MendID(s string) (id ID, mended bool, err error) {
	s = strings.TrimSpace(s)
	if id, _, ok := parseBare(s); ok {
		return id, false, nil
	}
	id, ok := mendNumber(s)
	if !ok {
		return "", false, Invalid("paper id", "%q is not one and cannot be mended; %s", Shorten(s), idHint)
	}
	return id, true, nil
}

func mendNumber(s string) (ID, bool) {
	yymm, number, found := strings.Cut(s, ".")
	if !found || !digits(yymm) || !digits(number) || len(number) > 40 {
		return "", false
	}
	if len(yymm) == 3 {
		yymm = "0" + yymm
	}
	if !validMonth(yymm) {
		return "", false
	}
	number, ok := mendFraction(number, width(yymm))
	if !ok || strings.Trim(number, "0") == "" { // numbers start at 1
		return "", false
	}
	id, _, ok := parseArXiv(yymm + "." + number)
	return id, ok
}

// mendFraction brings a decimal fraction to n digits. It works on the digits, as
// another trip through a float would only add to the damage.
func mendFraction(s string, n int) (string, bool) {
	if len(s) <= n {
		return s + strings.Repeat("0", n-len(s)), true
	}
	kept, rest := s[:n], s[n:]
	if len(rest) < 4 {
		return "", false
	}
	// A float is off in its last one or two digits only: before them stand nines
	// or zeros. Anything else never was an identifier.
	switch strings.Trim(rest[:len(rest)-2], rest[:1]) + rest[:1] {
	case "0":
		return kept, true
	case "9":
		return increment(kept)
	}
	return "", false
}

// increment adds one to a decimal number and keeps its width.
func increment(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return "", false
	}
	up := strconv.Itoa(n + 1)
	if len(up) > len(s) {
		return "", false
	}
	return strings.Repeat("0", len(s)-len(up)) + up, true
}

// IsDOI reports whether the paper is known by a DOI.
func (id ID) IsDOI() bool {
	return strings.HasPrefix(string(id), "10.") && strings.Contains(string(id), "/")
}

// IsArXiv reports whether the paper is known by an arXiv identifier.
func (id ID) IsArXiv() bool { return id != "" && !id.IsDOI() }

// yymm is the year and month in an arXiv identifier, "" for anything else.
func (id ID) yymm() string {
	s := string(id)
	if id.IsDOI() {
		return ""
	}
	if _, number, old := strings.Cut(s, "/"); old {
		s = number
	}
	if len(s) < 4 || !validMonth(s[:4]) {
		return ""
	}
	return s[:4]
}

// Month is the month that an arXiv identifier was given out in, and the zero
// Date for a DOI.
func (id ID) Month() Date {
	yymm := id.yymm()
	if yymm == "" {
		return Date{}
	}
	year, month := int(yymm[0]-'0')*10+int(yymm[1]-'0'), int(yymm[2]-'0')*10+int(yymm[3]-'0')
	year += 2000
	if strings.Contains(string(id), "/") && year >= 2091 { // the old form began in 1991
		year -= 100
	}
	return Date{Time: time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC), Precision: PrecisionMonth}
}

// AbsURL is the address of the paper's page: on arXiv, of one version unless
// version is 0; at doi.org for a DOI.
func (id ID) AbsURL(version int) string {
	if id.IsDOI() {
		return "https://doi.org/" + escapePath(string(id))
	}
	return id.arXivURL("abs", version)
}

// PDFURL is the address of the paper's PDF on arXiv, "" for a DOI.
func (id ID) PDFURL(version int) string { return id.arXivURL("pdf", version) }

// HTMLURL is the address of the paper's full text as a web page on arXiv. It is
// "" for a DOI and for papers before December 2023, which have none as a rule.
func (id ID) HTMLURL(version int) string {
	if month := id.Month(); month.Time.Before(time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC)) {
		return ""
	}
	return id.arXivURL("html", version)
}

func (id ID) arXivURL(kind string, version int) string {
	if !id.IsArXiv() {
		return ""
	}
	address := "https://arxiv.org/" + kind + "/" + escapePath(string(id))
	if version > 0 {
		address += "v" + strconv.Itoa(version)
	}
	return address
}

// DOI is the paper's own DOI: for an arXiv paper the one that arXiv registers.
func (id ID) DOI() string {
	if id.IsArXiv() {
		return "10.48550/arXiv." + string(id)
	}
	return string(id)
}

// escapePath escapes what may not stand in a path and keeps the slashes.
func escapePath(s string) string {
	return strings.ReplaceAll(url.PathEscape(s), "%2F", "/")
}
