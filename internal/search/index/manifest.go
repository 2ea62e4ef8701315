package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

const (
	manifestName = "MANIFEST"      // what is served
	nextName     = "MANIFEST.next" // what is being filled beside it, after a change of version
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

// A rebuild says why an index is built anew and when it is done.
type rebuild struct {
	Reason string `json:"reason"`
	Until  int64  `json:"until"` // the seq at which it takes over; 0: nobody knows
}

type segmentRecord struct {
	Name    string            `json:"name"`
	Parts   [numParts]partSum `json:"parts"`
	Deleted string            `json:"deleted,omitempty"` // file of the bits of deleted documents
	DelSum  partSum           `json:"del_sum"`
}

// fits reports whether this program can add to the index.
func (m *manifest) fits(model string) error {
	switch {
	case m.Analysis != analysis.Version:
		return fmt.Errorf("texts are analysed in another way (version %d, was %d)", analysis.Version, m.Analysis)
	case m.Model != model:
		return fmt.Errorf("vectors are made by another model (%q, was %q)", model, m.Model)
	}
	return nil
}

// position is what the segments hold.
func (m *manifest) position() search.Position {
	return search.Position{Site: m.Site, Seq: m.Seq, Token: m.Token}
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
		return nil, fmt.Errorf("index: manifest: %w", errDamaged)
	}
	m := new(manifest)
	if err := json.Unmarshal([]byte(body), m); err != nil {
		return nil, fmt.Errorf("index: manifest: %v: %w", err, errDamaged)
	}
	if m.Format != formatNumber && m.Format != formatNoSite {
		return nil, fmt.Errorf("index: manifest: format %d, want %d: %w", m.Format, formatNumber, errDamaged)
	}
	return m, nil
}

func sumLine(b []byte) string {
	return fmt.Sprintf("broadsheet index %08x", crc32.Checksum(b, castagnoli))
}

func writeManifest(dir, name string, m *manifest) error {
	body, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	if err := writeFile(dir, name, append([]byte(sumLine(body)+"\n"), body...)); err != nil {
		return fmt.Errorf("index: manifest: %w", err)
	}
	return nil
}

// writeFile replaces a file as a whole and makes it last.
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
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

// files are the names of all files that the manifest needs.
func (m *manifest) files() []string {
	if m == nil {
		return nil
	}
	out := []string{m.Log}
	for _, s := range m.Segments {
		for p := range numParts {
			out = append(out, partFile(s.Name, p))
		}
		if s.Deleted != "" {
			out = append(out, s.Deleted)
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

// hasFiles reports whether there are files of an index in dir.
func hasFiles(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return ours(e.Name()) })
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
	if kind == "log" || kind == "deleted" {
		return true
	}
	for _, p := range partNames {
		if kind == p {
			return true
		}
	}
	return false
}

// verify compares a file with its sum. It reads instead of mapping, so that a check
// of the whole index leaves the process as small as it was.
func verify(path string, sum partSum) error {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is missing: %w", filepath.Base(path), errDamaged)
		}
		return err
	}
	defer f.Close()
	buf := make([]byte, 1<<20)
	var got partSum
	for {
		n, err := f.Read(buf)
		got.CRC = crc32.Update(got.CRC, castagnoli, buf[:n])
		got.Size += int64(n)
		if n == 0 || err != nil {
			break
		}
	}
	if got != sum {
		return fmt.Errorf("%s is not what was written: %w", filepath.Base(path), errDamaged)
	}
	return nil
}
