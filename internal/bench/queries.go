package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/evaluate"
	"broadsheet/internal/store"
	"broadsheet/internal/tex"
)

// A query is a query to measure with.
type query struct {
	text  string
	plain bool // not of the query language
}

func (q query) parse() search.Query {
	if q.plain {
		return search.Words(q.text)
	}
	parsed, _ := search.Parse(q.text, time.Now())
	return parsed
}

// beginning is what somebody has typed of the query so far: 2 to 13 characters.
func (q query) beginning(i int) string {
	letters := []rune(q.text)
	return string(letters[:min(len(letters), 2+i%12)])
}

// allQueries makes the queries that o asks for.
func allQueries(ctx context.Context, db *store.DB, o SearchOptions) ([]query, error) {
	queries, err := titleQueries(ctx, db, o.Queries)
	if err != nil {
		return nil, err
	}
	for _, dir := range o.Collections {
		c, err := evaluate.Read(dir)
		if err != nil {
			return nil, err
		}
		for _, q := range c.Queries {
			queries = append(queries, query{q.Text, true})
		}
	}
	if len(queries) == 0 {
		return nil, errors.New("there are no papers in the store to take queries from; name judged collections with --eval")
	}
	return queries, nil
}

// titleQueries makes n queries of the titles of papers picked at random.
func titleQueries(ctx context.Context, db *store.DB, n int) ([]query, error) {
	last, err := db.Version(ctx)
	if err != nil || last == 0 {
		return nil, err
	}
	r := rand.New(rand.NewPCG(1, 1))
	var queries []query
	for tries := 0; len(queries) < n && tries < 10*n; tries++ {
		title, err := titleAt(ctx, db, r.Int64N(last))
		if err != nil {
			return nil, err
		}
		if text := queryOf(title, len(queries)%3, r); text != "" {
			queries = append(queries, query{text: text})
		}
	}
	return queries, nil
}

// titleAt is the title of the paper that has changed next after seq; "" if it is gone.
func titleAt(ctx context.Context, db *store.DB, seq int64) (string, error) {
	changes, err := db.Changes(ctx, seq, 1)
	if err != nil || len(changes) == 0 || changes[0].Removed {
		return "", err
	}
	rows, err := db.ByID(ctx, []paper.ID{changes[0].ID})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return tex.Text(rows[0].Paper.Title), nil
}

// queryOf is what somebody might ask who looks for a paper: kind 0 is its title, 1
// are three words in a row, 2 are two words.
func queryOf(title string, kind int, r *rand.Rand) string {
	words := strings.FieldsFunc(title, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-'
	})
	switch {
	case len(words) == 0 || kind == 0:
		return title
	case kind == 1:
		at := r.IntN(max(1, len(words)-2))
		return strings.Join(words[at:min(len(words), at+3)], " ")
	}
	return fmt.Sprintf("%s %s", words[r.IntN(len(words))], words[r.IntN(len(words))])
}
