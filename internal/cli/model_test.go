package cli

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// trainFile writes arXiv metadata of n papers, and one line that is none.
func trainFile(t *testing.T, n int) string {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	word := func() string { return fmt.Sprintf("w%cx%c", 'a'+r.IntN(20), 'a'+r.IntN(10)) }
	var b strings.Builder
	for i := range n {
		var words []string
		for range 40 {
			words = append(words, word())
		}
		fmt.Fprintf(&b, `{"id":"2501.%05d","title":"%s","abstract":"%s","authors":["A. Nobody"],"categories":["cs.CL"],"published":"2025-01-02"}`+"\n",
			i+1, strings.Join(words[:4], " "), strings.Join(words[2:], " "))
	}
	b.WriteString("{}\n")
	name := filepath.Join(t.TempDir(), "arxiv.jsonl")
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// A trigger calls do when a text is written to it.
type trigger struct {
	bytes.Buffer
	text string
	do   func()
	once sync.Once
}

func (w *trigger) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if strings.Contains(w.String(), w.text) {
		w.once.Do(w.do)
	}
	return n, err
}

func TestModelTrain(t *testing.T) {
	file, dir := trainFile(t, 200), t.TempDir()
	command := func(out string) []string {
		return []string{
			"model", "train", "--out", filepath.Join(dir, out), "--batch", "32", "--dimensions", "16",
			"--epochs", "40", "--workers", "1", file,
		}
	}
	train := func(ctx context.Context, said *trigger, out string) (int, string) {
		var stdout bytes.Buffer
		return run(ctx, streams{in: strings.NewReader(""), out: &stdout, err: said}, command(out)), stdout.String()
	}
	never := func() *trigger { return &trigger{text: "\x00"} }

	said := never()
	status, stdout := train(t.Context(), said, "whole.bin")
	if status != 0 || !strings.Contains(stdout, "trained on 200 papers") || !strings.Contains(said.String(), "arxiv.jsonl:201: ") {
		t.Fatalf("status %d, said %q and %q", status, stdout, said)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	said = &trigger{text: "step 1 of 240", do: cancel}
	if status, _ := train(ctx, said, "parts.bin"); status != statusInterrupted || !strings.Contains(said.String(), "run the same command again to go on") {
		t.Fatalf("interrupted: status %d, said %q", status, said)
	}
	if _, err := os.Stat(filepath.Join(dir, "parts.bin.checkpoint")); err != nil {
		t.Fatal(err)
	}
	said = never()
	if status, _ := train(t.Context(), said, "parts.bin"); status != 0 || !strings.Contains(said.String(), "going on after step ") {
		t.Fatalf("again: status %d, said %q", status, said)
	}
	if !bytes.Equal(read(t, dir, "whole.bin"), read(t, dir, "parts.bin")) {
		t.Error("the model differs after an interruption")
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.*.*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left over (%v)", left, err)
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestModelTrainMistakes(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no file", []string{"none.jsonl"}, statusUsage, "none.jsonl: no such file"},
		{"too few", []string{trainFile(t, 20)}, statusFailed, "20 documents of use, want at least a batch"},
		{"no papers", nil, statusFailed, "0 documents of use"},
		{"zero", []string{"--epochs", "0"}, statusUsage, "--epochs: 0 is not allowed"},
		{"odd", []string{"--dimensions", "17", "x"}, statusFailed, "17 dimensions, want a multiple of 16"},
		{"no folder", []string{"--out", filepath.Join(dir, "none", "m.bin")}, statusUsage, "there is no folder"},
		{"a folder", []string{"--out", dir}, statusUsage, "is a folder: name a file"},
	} {
		var said bytes.Buffer
		args := append([]string{"--data", dir, "model", "train", "--out", filepath.Join(dir, "m.bin")}, tt.args...)
		status := run(t.Context(), streams{in: strings.NewReader(""), out: &said, err: &said}, args)
		if status != tt.status || !strings.Contains(said.String(), tt.want) {
			t.Errorf("%s: status %d, said %q; want %d, %q", tt.name, status, said.String(), tt.status, tt.want)
		}
	}
}
