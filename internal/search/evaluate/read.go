package evaluate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Collection is documents, queries and judgments.
type Collection struct {
	Name      string
	Documents []Document
	Queries   []Query
	Grades    map[string]map[string]int // by query, then document; 0 and what is missing: not relevant
}

// A Document of a collection.
type Document struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// A Query of a collection.
type Query struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

// Read reads a collection from a folder in the layout of BEIR: corpus.jsonl,
// queries.jsonl, and the judgments in qrels.tsv or qrels/test.tsv (query, document,
// grade; a heading is skipped). Its name is the folder's.
func Read(dir string) (*Collection, error) {
	c := &Collection{Name: filepath.Base(filepath.Clean(dir)), Grades: map[string]map[string]int{}}
	var err error
	if c.Documents, err = readLines[Document](filepath.Join(dir, "corpus.jsonl")); err != nil {
		return nil, err
	}
	if c.Queries, err = readLines[Query](filepath.Join(dir, "queries.jsonl")); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "qrels.tsv")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		path = filepath.Join(dir, "qrels", "test.tsv")
	}
	return c, c.readGrades(path)
}

// readLines reads one JSON value a line; blank lines are skipped.
func readLines[T any](path string) ([]T, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("evaluate: a collection needs corpus.jsonl, queries.jsonl and qrels.tsv: %w", err)
	}
	defer file.Close()
	var out []T
	decoder := json.NewDecoder(bufio.NewReaderSize(file, 1<<20))
	for {
		var value T
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("evaluate: %s: entry %d: %w", path, len(out)+1, err)
		}
		out = append(out, value)
	}
}

func (c *Collection) readGrades(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("evaluate: a collection needs its judgments: %w", err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		fields := strings.Fields(line)
		if len(fields) == 0 || n == 1 && fields[0] == "query-id" {
			continue
		}
		if err := c.addGrade(fields); err != nil {
			return fmt.Errorf("evaluate: %s, line %d: %w", path, n, err)
		}
	}
	return nil
}

// addGrade takes "query document grade", or TREC's "query 0 document grade".
func (c *Collection) addGrade(fields []string) error {
	if len(fields) == 4 {
		fields = slices.Delete(fields, 1, 2)
	}
	if len(fields) != 3 {
		return errors.New("want a query, a document and a grade, parted by tabs")
	}
	grade, err := strconv.Atoi(fields[2])
	if err != nil {
		return fmt.Errorf("the grade %q is not a whole number", fields[2])
	}
	if c.Grades[fields[0]] == nil {
		c.Grades[fields[0]] = map[string]int{}
	}
	c.Grades[fields[0]][fields[1]] = grade
	return nil
}

// sortedGrades are the grades, the highest first.
func sortedGrades(grades map[string]int) []int {
	out := make([]int, 0, len(grades))
	for _, grade := range grades {
		out = append(out, grade)
	}
	slices.SortFunc(out, func(a, b int) int { return b - a })
	return out
}
