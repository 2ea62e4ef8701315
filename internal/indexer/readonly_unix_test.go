//go:build unix

package indexer_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"broadsheet/internal/indexer"
)

// Somebody who may only read a folder searches in it, and is told nothing of an index that
// cannot be written as long as everything can be found.
func TestReadOnlyFolder(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	idx := s.open(t, indexer.Options{})
	_, err := idx.Update(t.Context(), nil)
	if err := errors.Join(err, idx.Close(), s.db.Close()); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(s.dir, "program")
	b, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = os.WriteFile(program, b, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{
		filepath.Dir(s.dir): 0o755, program: 0o555, filepath.Join(s.dir, "site.db"): 0o444, s.indexDir(): 0o555, s.dir: 0o555,
	} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		os.Chmod(s.indexDir(), 0o755)
		os.Chmod(s.dir, 0o755)
	})
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), childVariable+"=read "+s.dir)
	if os.Getuid() == 0 { // who may write everything
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "30 up to date\n" {
		t.Errorf("%s, %v", out, err)
	}
}
