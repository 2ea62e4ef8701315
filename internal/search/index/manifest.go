package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/search/index/segment"
)

const (
	manifestName = "MANIFEST"      // what is served
	nextName     = "MANIFEST.next" // what is being filled beside it
	formatNumber = 2
	formatNoSite = 1 // the same without site and token
)

// A manifest names the files that make up an index. It is replaced as a whole, so
// that a crash leaves the old or the new one.
type manifest struct {
	Format   int             `json:"format"`
	Analysis int             `json:"analysis"`
	Model    string          `json:"model"`
	Site     string          `json:"site"`
	Seq      int64           `json:"seq"` // what the segments hold; the log goes on from there
	Token    int64           `json:"token"`
	Next     int             `json:"next"` // number of the next file
	Log      string          `json:"log"`
	Segments []segmentRecord `json:"segments"`
	Rebuild  *rebuild        `json:"rebuild,omitempty"` // nil: the index is complete
}

// A segmentRecord is a segment with the files of what has changed in it.
type segmentRecord struct {
	Name       string                             `json:"name"`
	Parts      [segment.NumFiles]segment.Checksum `json:"parts"`
	Deleted    string                             `json:"deleted,omitempty"` // deleted documents
	DelSum     segment.Checksum                   `json:"del_sum"`
	Changes    string                             `json:"changes,omitempty"` // counts and vectors
	ChangesSum segment.Checksum                   `json:"changes_sum"`
}

func (r *segmentRecord) record() segment.Record {
	return segment.Record{Name: r.Name, Checksums: r.Parts}
}

// A rebuild says why an index is built anew and when it is done.
type rebuild struct {
	Reason string `json:"reason"`
	Until  int64  `json:"until"` // the seq at which it takes over; 0: nobody knows
}

// position is what the segments hold.
func (m *manifest) position() search.Position {
	return search.Position{Site: m.Site, Seq: m.Seq, Token: m.Token}
}

// fits reports whether this program can add to the index.
func (m *manifest) fits(model string) error {
	switch {
	case m.Analysis != analysis.Version:
		return fmt.Errorf("texts are analyzed in another way (version %d, was %d)", analysis.Version, m.Analysis)
	case m.Model != model:
		return fmt.Errorf("vectors are made by another model (%q, was %q)", model, m.Model)
	}
	return nil
}

func readManifest(dir, name string) (*manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("index: manifest: %w", err)
	}
	return parseManifest(b)
}

func parseManifest(b []byte) (*manifest, error) {
	head, body, ok := strings.Cut(string(b), "\n")
	if !ok || head != sumLine([]byte(body)) {
		return nil, fmt.Errorf("index: manifest: %w", segment.ErrDamaged)
	}
	m := new(manifest)
	if err := json.Unmarshal([]byte(body), m); err != nil {
		return nil, fmt.Errorf("index: manifest: %v: %w", err, segment.ErrDamaged)
	}
	if m.Format != formatNumber && m.Format != formatNoSite {
		return nil, fmt.Errorf("index: manifest: format %d, want %d: %w", m.Format, formatNumber, segment.ErrDamaged)
	}
	return m, nil
}

func sumLine(b []byte) string {
	return fmt.Sprintf("broadsheet index %08x", segment.ChecksumOf(b).CRC)
}

func writeManifest(dir, name string, m *manifest) error {
	body, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, name)
	if info, err := os.Stat(path); err == nil && info.IsDir() { // nothing of ours; it goes if it is empty
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("index: manifest: %w", err)
		}
	}
	if err := writeFile(dir, name, append([]byte(sumLine(body)+"\n"), body...)); err != nil {
		return fmt.Errorf("index: manifest: %w", err)
	}
	return nil
}

// writeFile replaces a file as a whole and makes it durable.
func writeFile(dir, name string, b []byte) error {
	tmp := filepath.Join(dir, name+".tmp")
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(tmp, filepath.Join(dir, name))
	}
	if err != nil {
		os.Remove(tmp)
		return err
	}
	return segment.SyncDir(dir)
}

// files are the names of all files that the manifest needs.
func (m *manifest) files() []string {
	if m == nil {
		return nil
	}
	out := []string{m.Log}
	for _, s := range m.Segments {
		out = append(out, s.record().FileNames()...)
		if s.Deleted != "" {
			out = append(out, s.Deleted)
		}
		if s.Changes != "" {
			out = append(out, s.Changes)
		}
	}
	return out
}

// sweep removes files of an index that no manifest names.
func sweep(dir string, keep ...*manifest) {
	needed := map[string]bool{manifestName: true, nextName: true}
	for _, m := range keep {
		for _, f := range m.files() {
			needed[f] = true
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !needed[e.Name()] && ours(e.Name()) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// lastNumber is the highest number of a file in dir, and whether there are files of an
// index at all. Numbers are not used again, even where a file cannot be removed.
func lastNumber(dir string) (last int, any bool) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, false
	}
	for _, e := range entries {
		if !ours(e.Name()) {
			continue
		}
		any = true
		number, _, _ := strings.Cut(e.Name(), ".")
		if n, err := strconv.Atoi(number); err == nil {
			last = max(last, n)
		}
	}
	return last, any
}

// ours reports whether a file is of the kind that the index writes.
func ours(name string) bool {
	if strings.HasPrefix(name, manifestName) {
		return true
	}
	number, rest, ok := strings.Cut(name, ".")
	if !ok || len(number) != 8 || strings.Trim(number, "0123456789") != "" {
		return false
	}
	kind, _, _ := strings.Cut(rest, ".")
	return kind == "log" || kind == "deleted" || kind == "changes" || segment.IsFileName(kind)
}

// openSnapshot is a segment of a manifest with what has changed in it. A segment that
// is open already is not mapped again.
func openSnapshot(dir string, r segmentRecord, open *segment.Segment) (segment.Snapshot, error) {
	s := open
	if s == nil {
		var err error
		if s, err = segment.Open(dir, r.record()); err != nil {
			return segment.Snapshot{}, err
		}
	}
	snap := segment.Of(s)
	for _, f := range []struct {
		name string
		sum  segment.Checksum
		with func(segment.Snapshot, []byte) (segment.Snapshot, error)
	}{
		{r.Deleted, r.DelSum, segment.Snapshot.WithDeleted},
		{r.Changes, r.ChangesSum, segment.Snapshot.WithChanges},
	} {
		if f.name == "" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return snap, fmt.Errorf("index: %s is missing: %w: %w", f.name, segment.ErrDamaged, fs.ErrNotExist)
		case err != nil:
			return snap, fmt.Errorf("index: %w", err)
		case segment.ChecksumOf(b) != f.sum:
			return snap, fmt.Errorf("index: %s is not what was written: %w", f.name, segment.ErrDamaged)
		}
		if snap, err = f.with(snap, b); err != nil {
			return snap, err
		}
	}
	return snap, nil
}

// verifyAll compares all files with their checksums; of each segment it gives what is
// wrong, or nil.
func verifyAll(ctx context.Context, dir string, records []segment.Record) []error {
	errs := make([]error, len(records))
	eachParallel(len(records), func(i int) { errs[i] = records[i].Verify(ctx, dir) })
	return errs
}
