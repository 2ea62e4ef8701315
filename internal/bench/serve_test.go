package bench

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

func TestServeRow(t *testing.T) {
	var pages []page
	for i := range 200 {
		pages = append(pages, page{took: time.Duration(200-i) * time.Millisecond, failed: i%50 == 0})
	}
	got := serveRow("quiet", 2, pages)
	want := ServeRow{Phase: "quiet", Seconds: 2, Pages: 200, Failed: 4, P50: 101, P90: 181, P99: 199, Longest: 200}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := serveRow("none", 1, nil); got != (ServeRow{Phase: "none", Seconds: 1}) {
		t.Errorf("without pages: %+v", got)
	}
}

// A site that holds back its answers makes all pages late that were due meanwhile, and one
// that is asked for at the end is still waited for.
func TestLatePagesCount(t *testing.T) {
	held := make(chan struct{})
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-held
		if r.URL.Path != "/papers/2501.00001" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer site.Close()
	r := newReaders(200)
	r.ids = []paper.ID{"2501.00001"}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		r.run(t.Context(), stop, site.URL)
	}()
	const hold = 200 * time.Millisecond
	time.Sleep(hold)
	close(stop)
	if n, _ := r.soFar(); n > 0 {
		t.Errorf("%d pages were answered before the site answered", n)
	}
	close(held)
	<-done
	row := serveRow("held", 1, r.next())
	if row.Pages < 10 || row.Failed > 0 || row.Longest < milliseconds(hold)*9/10 || row.P50 < milliseconds(hold)/4 {
		t.Errorf("%+v", row)
	}
}
