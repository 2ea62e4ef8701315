package papertest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// HubItems writes the papers as items of a Daily Papers API, one JSON object a line, from
// the oldest edition to the newest. Every 50th paper stands in a second edition, too: that
// of the weekday after, with some votes more.
func (c *Corpus) HubItems(w io.Writer) error {
	return writeLines(w, func(line func(any)) {
		for i := len(c.Papers) - 1; i >= 0; i-- {
			line(c.hubItem(i, c.Papers[i].Day, c.Papers[i].Votes))
			if i%50 == 49 && i >= PerDay {
				line(c.hubItem(i, c.Papers[i-PerDay].Day, c.Papers[i].Votes+3))
			}
		}
	})
}

type object = map[string]any

func (c *Corpus) hubItem(i int, day string, votes int) object {
	p := &c.Papers[i]
	opens, _ := time.Parse(time.DateOnly, day) // we have written it
	authors := []object{}
	for k, name := range p.Authors {
		a := object{"_id": fmt.Sprintf("%012x%012x", i, k), "name": name, "hidden": false}
		if k == 0 && i%3 == 0 {
			a["status"], a["statusLastChangedAt"] = "claimed_verified", opens.Format(time.RFC3339)
			a["user"] = account(p.Submitter)
		}
		authors = append(authors, a)
	}
	inner := object{
		"id": p.ID, "title": p.Title, "summary": p.Abstract, "authors": authors, "upvotes": votes,
		"publishedAt": p.Published.Format("2006-01-02T15:04:05.000Z"), "discussionId": fmt.Sprintf("%024x", i),
		"submittedOnDailyAt": opens.Add(time.Duration(i%PerDay) * 20 * time.Minute).Format("2006-01-02T15:04:05.000Z"),
		"submittedOnDailyBy": account(p.Submitter),
	}
	if p.Summary != "" {
		inner["ai_summary"], inner["ai_keywords"] = p.Summary, p.Keywords
	}
	if p.Code != "" {
		inner["githubRepo"], inner["githubStars"], inner["githubRepoAddedBy"] = p.Code, p.Stars, []string{"user", "auto"}[i%2]
	}
	if p.Project != "" {
		inner["projectPage"] = p.Project
	}
	item := object{
		"_list_date": day, "_taken_at": opens.Add(23 * time.Hour).Format(time.RFC3339), "paper": inner,
		"publishedAt": p.Published.Format("2006-01-02T15:04:05.000Z"), "title": p.Title, "summary": p.Abstract,
		"thumbnail": "https://cdn-thumbnails.example.org/" + p.ID + ".png", "numComments": p.Comments,
		"submittedBy": account(p.Submitter),
	}
	if p.Organization >= 0 {
		item["organization"] = organizationObject(p.Organization, c.Organizations[p.Organization])
	}
	return item
}

func account(name string) object {
	return object{
		"_id": fmt.Sprintf("%024x", len(name)*7919), "user": name, "name": name, "fullname": strings.ToUpper(name[:1]) + name[1:],
		"type": "user", "isPro": false, "avatarUrl": "/avatars/" + name + ".svg",
	}
}

func organizationObject(i int, o Organization) object {
	return object{
		"_id": fmt.Sprintf("%024x", i+1), "name": o.Name, "fullname": o.FullName,
		"avatar": "https://avatars.example.org/" + o.Name + ".png",
	}
}

// ArXivRows writes the papers as rows of arXiv's metadata, one JSON object a line, in the
// order of the papers. Every fourth has no authors and every sixth no date, as in public
// exports. Of some identifiers that end in 0 the 0 is lost; importing repairs them.
func (c *Corpus) ArXivRows(w io.Writer) error {
	return writeLines(w, func(line func(any)) {
		for i := range c.Papers {
			line(arXivRow(i, &c.Papers[i]))
		}
	})
}

func arXivRow(i int, p *Paper) object {
	row := object{
		"id": p.ID, "title": p.Title, "abstract": p.Abstract, "authors": p.Authors, "categories": p.Categories,
		"published": p.Published.Format(time.DateOnly),
	}
	if i%4 == 3 {
		row["authors"] = []string{}
	}
	if i%6 == 5 {
		row["published"] = ""
	}
	if short, ok := strings.CutSuffix(p.ID, "0"); ok && i%3 == 0 {
		row["id"] = short
	}
	if i%7 == 0 {
		row["comments"] = fmt.Sprintf("%d pages, %d figures", 6+i%30, i%9)
	}
	return row
}

// VoteCounts writes how the votes of every second paper came to be: three counts each,
// one JSON object a line.
func (c *Corpus) VoteCounts(w io.Writer) error {
	return writeLines(w, func(line func(any)) {
		for i := 0; i < len(c.Papers); i += 2 {
			p := &c.Papers[i]
			opens, _ := time.Parse(time.DateOnly, p.Day) // we have written it
			for k := 1; k <= 3; k++ {
				line(object{
					"id": p.ID, "at": opens.Add(time.Duration(k) * 7 * time.Hour).Format(time.RFC3339),
					"upvotes": p.Votes * k / 3, "comments": p.Comments * k / 3,
				})
			}
		}
	})
}

// OrganizationRows writes the organizations, one JSON object a line.
func (c *Corpus) OrganizationRows(w io.Writer) error {
	return writeLines(w, func(line func(any)) {
		for i, o := range c.Organizations {
			line(organizationObject(i, o))
		}
	})
}

// Files are the files that [Corpus.Write] writes.
type Files struct{ Hub, ArXiv, Votes, Organizations string }

// Write writes all formats into files in dir.
func (c *Corpus) Write(dir string) (Files, error) {
	f := Files{
		Hub: filepath.Join(dir, "hub.jsonl"), ArXiv: filepath.Join(dir, "arxiv.jsonl"),
		Votes: filepath.Join(dir, "votes.jsonl"), Organizations: filepath.Join(dir, "organizations.jsonl"),
	}
	err := errors.Join(writeFile(f.Hub, c.HubItems), writeFile(f.ArXiv, c.ArXivRows),
		writeFile(f.Votes, c.VoteCounts), writeFile(f.Organizations, c.OrganizationRows))
	return f, err
}

// WriteJudged writes the papers as a judged collection in BEIR layout into dir: the title
// of every 20th paper is a query, for which that paper is relevant with grade 2, and those
// with the same keywords with grade 1.
func (c *Corpus) WriteJudged(dir string) error {
	documents := func(w io.Writer) error {
		return writeLines(w, func(line func(any)) {
			for _, p := range c.Papers {
				line(object{"_id": p.ID, "title": p.Title, "text": p.Abstract})
			}
		})
	}
	queries := func(w io.Writer) error {
		return writeLines(w, func(line func(any)) {
			for i := 0; i < len(c.Papers); i += 20 {
				line(object{"_id": fmt.Sprint(i), "text": c.Papers[i].Title})
			}
		})
	}
	judgments := func(w io.Writer) error {
		out := bufio.NewWriter(w)
		fmt.Fprintln(out, "query-id\tcorpus-id\tscore")
		for i := 0; i < len(c.Papers); i += 20 {
			for k := range c.Papers {
				if k == i {
					fmt.Fprintf(out, "%d\t%s\t2\n", i, c.Papers[k].ID)
				} else if strings.Join(c.Papers[k].Keywords, ",") == strings.Join(c.Papers[i].Keywords, ",") {
					fmt.Fprintf(out, "%d\t%s\t1\n", i, c.Papers[k].ID)
				}
			}
		}
		return out.Flush()
	}
	return errors.Join(writeFile(filepath.Join(dir, "corpus.jsonl"), documents),
		writeFile(filepath.Join(dir, "queries.jsonl"), queries), writeFile(filepath.Join(dir, "qrels.tsv"), judgments))
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// writeLines writes every value that make gives as a line of JSON.
func writeLines(w io.Writer, make func(line func(any))) error {
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	var failed error
	make(func(v any) {
		if failed == nil {
			failed = e.Encode(v)
		}
	})
	return errors.Join(failed, out.Flush())
}
