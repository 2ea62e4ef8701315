package store_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// openVariable holds the URL of a database that the test program opens and closes, and
// does nothing else: it is killed meanwhile.
const openVariable = "BROADSHEET_TEST_OPEN"

func TestMain(m *testing.M) {
	if url := os.Getenv(openVariable); url != "" {
		db, err := store.Open(context.Background(), url)
		if err == nil {
			err = db.Close()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// opening is a process that opens the database at url.
func opening(t *testing.T, url string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), openVariable+"="+url)
	return cmd
}

// Databases in testdata were written by the program that had schema 3, with papers of
// its demonstration catalog, of a hub, of arXiv and of several of these; votes over
// time; and editions whose order was published before votes and papers came in later.
func unpacked(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	return b
}

// oldDatabases are ways to make a database of schema 3; each returns its URL and it for
// reading.
var oldDatabases = map[string]func(*testing.T) (string, *sql.DB){
	"sqlite": func(t *testing.T) (string, *sql.DB) {
		path := filepath.Join(t.TempDir(), "old.db")
		if err := os.WriteFile(path, unpacked(t, "schema3.db.gz"), 0o600); err != nil {
			t.Fatal(err)
		}
		return "sqlite:" + path, rawDB(t, "sqlite", path)
	},
	"postgres": func(t *testing.T) (string, *sql.DB) {
		url := storetest.PostgresURL(t)
		raw := rawDB(t, "pgx", url+"&default_query_exec_mode=simple_protocol")
		if _, err := raw.Exec(string(unpacked(t, "schema3.sql.gz"))); err != nil {
			t.Fatal(err)
		}
		return url, raw
	},
}

func rawDB(t *testing.T, driver, url string) *sql.DB {
	t.Helper()
	raw, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return raw
}

// table reads what a query gives, each row as one text, sorted.
func table(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		dest := make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			line = append(line, v.String)
		}
		all = append(all, strings.Join(line, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// kept are queries of the old tables, and those of the new ones that must give the same.
var kept = [][2]string{
	{`select id, published, precision, organization, stars, demo, submitted, submitter, title, abstract, authors, facts from papers`,
		`select id, published, precision, organization, stars, demo, submitted, submitter, title, abstract, authors, metadata from papers`},
	// The newest count was always a hub's where there was one.
	{`select p.id, coalesce((select value from signals s where s.paper = p.id and kind = 'votes' order by at desc limit 1), 0) from papers p`,
		`select id, votes from papers`},
	{`select id, 'arxiv', arxiv_at, arxiv_mark, arxiv_mended from papers where arxiv_mark <> 0 union all
		select id, 'hub', hub_at, hub_mark, 0 from papers where hub_mark <> 0 union all
		select id, 'demo', 0, demo_mark, 0 from papers where demo_mark <> 0`,
		`select paper, source, at, fingerprint, repaired from observations`},
	{`select paper, source, kind, at, value from signals`, ``},
	{`select paper, number, created from versions`, ``},
	{`select slug, name from authors`, ``},
	{`select author, published, paper from authorships`, ``},
	{`select name, key, full_name, avatar, seen_at from organizations`, ``},
	{`select name, profile, seen_at from people`, ``},
	{`select paper, source, kind, url, grade, checked from links`, ``},
	{`select paper, position, url from media`, ``},
	{`select paper, day, source, at, by_name, position from submissions`, ``},
	{`select kind, period, papers from editions`, ``},
	{`select paper, period from listings`, ``},
	{`select name, read_at, cursor from sources`, ``},
	{`select name, seq from cursors`, ``},
	{`select paper, seq from removals`, ``},
	{`select value from counters where name = 'papers'`, ``},
}

// old is what a database held before it was brought forward.
type old struct {
	tables [][]string
	orders map[paper.Period][]paper.ID // as they were published, else as they stood
	demo   map[paper.ID]bool
	seq    []string
}

func before(t *testing.T, raw *sql.DB) old {
	t.Helper()
	was := old{orders: map[paper.Period][]paper.ID{}, demo: map[paper.ID]bool{}}
	for _, q := range kept {
		was.tables = append(was.tables, table(t, raw, q[0]))
	}
	for _, line := range table(t, raw, `select l.period, l.standing + 500000, l.position + 100000000000000, l.paper from listings l`) {
		f := strings.Split(line, "|")
		was.orders[paper.Period(f[0])] = append(was.orders[paper.Period(f[0])], paper.ID(f[3]))
	}
	for _, line := range table(t, raw, `select period, papers from finals`) {
		period, text, _ := strings.Cut(line, "|")
		var ids []paper.ID
		if err := json.Unmarshal([]byte(text), &ids); err != nil {
			t.Fatal(err)
		}
		for _, id := range was.orders[paper.Period(period)] {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if slices.Equal(ids, was.orders[paper.Period(period)]) {
			t.Errorf("the published order of %s is that of its votes: the fixture tests nothing", period)
		}
		was.orders[paper.Period(period)] = ids
	}
	for _, line := range table(t, raw, `select id from papers where demo = 1`) {
		was.demo[paper.ID(line)] = true
	}
	was.seq = table(t, raw, `select id, seq from papers`)
	return was
}

// sameAs opens the database and compares it with what it was.
func (was old) sameAs(t *testing.T, url string, raw *sql.DB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for i, q := range kept {
		if q[1] == "" {
			q[1] = q[0]
		}
		if d := cmp.Diff(was.tables[i], table(t, raw, q[1])); d != "" {
			t.Errorf("%s: %s", q[0], d)
		}
	}
	for period, want := range was.orders {
		if d := cmp.Diff(want, order(t, db, period)); d != "" {
			t.Errorf("%s: %s", period, d)
		}
	}
	for _, line := range table(t, raw, `select period, closed_at <> 0 from editions`) {
		period, closed, _ := strings.Cut(line, "|")
		shown := !slices.ContainsFunc(was.orders[paper.Period(period)], func(id paper.ID) bool { return !was.demo[id] })
		if is := closed == "1" || closed == "true"; is == shown {
			t.Errorf("%s is closed: %s; for show alone: %v", period, closed, shown)
		}
	}
	if len(db.Identity()) != 32 {
		t.Errorf("identity %q", db.Identity())
	}
	if p := position(t, db); p.Seq != version(t, db) {
		t.Errorf("position %+v at version %d", p, version(t, db))
	}
	return db
}

// Whoever opens an old database is told of each step, and of none when it is opened again.
func TestMigrationsAreTold(t *testing.T) {
	for name, make := range oldDatabases {
		t.Run(name, func(t *testing.T) {
			url, _ := make(t)
			for _, want := range [][]string{{"0004_foundations.sql", "0005_observations.sql"}, nil} {
				var got []string
				db, err := store.Open(t.Context(), url, store.OnMigration(func(step string) { got = append(got, step) }))
				if err != nil {
					t.Fatal(err)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("told of %q, want %q", got, want)
				}
			}
		})
	}
}

func TestAnOldDatabaseKeepsEverything(t *testing.T) {
	for name, make := range oldDatabases {
		t.Run(name, func(t *testing.T) {
			url, raw := make(t)
			was := before(t, raw)
			db := was.sameAs(t, url, raw)
			if free := table(t, raw, map[string]string{"sqlite": `select freelist_count from pragma_freelist_count`, "postgres": `select 0`}[name]); free[0] != "0" {
				t.Errorf("%s pages are left empty", free[0])
			}
			again := was.sameAs(t, url, raw) // opened a second time
			if again.Identity() != db.Identity() {
				t.Error("another identity")
			}
			// What was read already is known, and what is newer holds.
			hub := hubItem("2605.00004", "2026-05-18", day1, 3)
			for _, line := range table(t, raw, `select fingerprint from observations where paper = '2605.00004' and source = 'hub'`) {
				if _, err := fmt.Sscan(line, &hub.Fingerprint); err != nil {
					t.Fatal(err)
				}
			}
			hub.Signals, hub.Submission, hub.Paper.Organization = nil, nil, nil
			if out := apply(t, db, hub); out != (store.Outcome{Unchanged: 1}) {
				t.Errorf("the same record again: %+v", out)
			}
			hub.At, hub.Fingerprint, hub.Paper.Published = day1.AddDate(1, 0, 0), 7, paper.Date{Time: day1, Precision: paper.PrecisionTime}
			apply(t, db, hub)
			p := get(t, db, hub.Paper.ID)
			if p.Title != "Counting kites at night, part 4" || p.Summary != hub.Paper.Summary || p.Organization != nil || p.Authors[0].Key != "a1" {
				t.Errorf("merged wrongly: %+v", p)
			}
		})
	}
}

// The demonstration catalog leaves no trace in papers that others know.
func TestAnOldDemoGoesWithoutATrace(t *testing.T) {
	for name, make := range oldDatabases {
		t.Run(name, func(t *testing.T) {
			url, raw := make(t)
			was := before(t, raw)
			shared := table(t, raw, `select id from papers where demo = 0 and demo_mark <> 0`)
			db := was.sameAs(t, url, raw)
			if n, err := db.Forget(t.Context(), paper.SourceDemo); err != nil || n != len(was.demo) {
				t.Errorf("%d papers removed of %d, %v", n, len(was.demo), err)
			}
			hubs := 0
			for _, id := range shared {
				p := get(t, db, paper.ID(id))
				if p.Remarks != "" && (p.Summary != "" || p.Organization != nil || p.Comments != 0) || p.Title == "" || len(p.Authors) == 0 {
					t.Errorf("%+v", p)
				}
				if p.Remarks == "" {
					hubs++
				}
			}
			if len(shared) != 3 || hubs != 1 {
				t.Errorf("%d papers shared, %d with a hub", len(shared), hubs)
			}
		})
	}
}

// A process that dies while it brings a database forward leaves it as it was, or done.
func TestMigrationSurvivesKilling(t *testing.T) {
	rounds := map[string]int{"sqlite": 25, "postgres": 8}
	for name, make := range oldDatabases {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, uint64(len(name))))
			url, raw := make(t)
			was := before(t, raw)
			took := time.Duration(0)
			killed := 0
			for i := range rounds[name] {
				if i > 0 {
					url, raw = make(t)
				}
				cmd := opening(t, url)
				start := time.Now()
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if i > 0 { // the first is left alone, to learn how long it takes
					time.Sleep(time.Duration(rng.Int64N(int64(took))))
					if err := cmd.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
				if err := cmd.Wait(); err != nil {
					killed++
				}
				if i == 0 {
					took = time.Since(start)
				}
				was.sameAs(t, url, raw)
			}
			t.Logf("%d of %d were killed before they had done, of %v", killed, rounds[name], took)
		})
	}
}
