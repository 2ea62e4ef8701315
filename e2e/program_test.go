package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is a running server.
type program struct {
	binary string
	data   string   // its data folder
	env    []string // its settings, as NAME=VALUE
	url    string   // http://127.0.0.1:PORT
	cmd    *exec.Cmd
	log    *bytes.Buffer // read it only once the program has ended
	done   chan error
}

// work is the folder of this run: the binary and the data.
var work string

// build makes the binary, once.
var build = sync.OnceValues(func() (string, error) {
	var err error
	if work, err = os.MkdirTemp("", "broadsheet-e2e-"); err != nil {
		return "", err
	}
	binary := filepath.Join(work, "broadsheet")
	if out, err := exec.Command("go", "build", "-o", binary, "broadsheet/cmd/broadsheet").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

// newProgram returns a program on the folder data of this run, without starting it.
func newProgram(data string, env ...string) (*program, error) {
	binary, err := build()
	if err != nil {
		return nil, err
	}
	return &program{binary: binary, data: filepath.Join(work, data), env: env, log: new(bytes.Buffer), done: make(chan error, 1)}, nil
}

// filled is the program that all scenarios read, started once.
var filled = sync.OnceValues(func() (*program, error) {
	p, err := newProgram("filled", "BROADSHEET_DEMO=false")
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"import", "hf", "testdata/items.jsonl"}, {"import", "votes", "testdata/votes.jsonl"}} {
		if err := p.run(args...); err != nil {
			return nil, err
		}
	}
	if err := p.serve(); err != nil {
		return nil, err
	}
	started = p
	return p, nil
})

// started is filled's program once it runs, for stopProgram.
var started *program

// site starts the program, if that is not done, and returns its address.
func site(t *testing.T) string {
	t.Helper()
	p, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	return p.url
}

// command is a run of the program, whatever the environment of the tests says.
func (p *program) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.binary, append([]string{"--data", p.data}, args...)...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "BROADSHEET_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, p.env...)
	return cmd
}

// run runs a subcommand to its end.
func (p *program) run(args ...string) error {
	if out, err := p.command(args...).CombinedOutput(); err != nil {
		return fmt.Errorf("broadsheet %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

func (p *program) serve() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	p.url = "http://" + addr
	p.cmd = p.command("serve", "--listen", addr)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() { p.done <- p.cmd.Wait() }()
	if err := p.waitHealthy(); err != nil {
		p.cmd.Process.Kill() // it may have ended by itself
		return err
	}
	return nil
}

// waitHealthy waits until all that was imported is listed.
func (p *program) waitHealthy() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		if resp, err := http.Get(p.url + "/healthz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-p.done:
			return fmt.Errorf("broadsheet serve ended: %v\n%s", err, p.log)
		case <-ctx.Done():
			return errors.New("broadsheet serve: /healthz does not answer 200")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the program as an operator does, and reports when it takes longer
// than promised, does not end well, or had an error to log.
func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	select {
	case err := <-p.done:
		if err != nil {
			return fmt.Errorf("the program ended with %w\n%s", err, p.log)
		}
	case <-time.After(10 * time.Second):
		return errors.Join(errors.New("the program does not end within 10 s of SIGTERM"), p.cmd.Process.Kill())
	}
	if log := p.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "panic") {
		return fmt.Errorf("the program logged errors:\n%s", log)
	}
	return nil
}

// stopProgram ends what site has started, and removes what this run has made.
func stopProgram() error {
	var err error
	if started != nil {
		err = started.stop()
	}
	if work == "" {
		return err
	}
	return errors.Join(err, os.RemoveAll(work))
}
