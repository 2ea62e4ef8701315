package store_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// A valve is a way to a server that can be shut: what is sent meanwhile is neither
// answered nor refused.
type valve struct {
	to   string
	shut atomic.Bool
}

func (v *valve) open(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", v.to)
			if err != nil {
				client.Close()
				continue
			}
			go v.pass(server, client)
			go v.pass(client, server)
		}
	}()
	return l.Addr().String()
}

func (v *valve) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		for v.shut.Load() {
			time.Sleep(time.Millisecond)
		}
		if _, failed := to.Write(b[:n]); err != nil || failed != nil {
			return
		}
	}
}

// Whoever asks a database that hangs waits as long as its context lasts, however many
// ask; and when it answers again, all is well.
func TestAHungDatabaseCostsNobodyMoreThanItsTime(t *testing.T) {
	direct := storetest.PostgresURL(t)
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	v := &valve{to: u.Host}
	u.Host = v.open(t)
	db, err := store.Open(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	apply(t, db, many(3, "2026-05-27")...)
	v.shut.Store(true)
	var asking sync.WaitGroup
	for range 60 { // more than there are connections
		asking.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := db.Edition(ctx, "2026-05-27", nil, 10)
			if took := time.Since(start); !errors.Is(err, paper.ErrUnavailable) || took > 5*time.Second {
				t.Errorf("after %v: %v", took, err)
			}
		})
	}
	asking.Wait()
	v.shut.Store(false)
	for end := time.Now().Add(20 * time.Second); ; {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := db.Healthy(ctx)
		cancel()
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("it does not come back: %v", err)
		}
	}
	if got := order(t, db, "2026-05-27"); len(got) != 3 {
		t.Errorf("%v", got)
	}
}
