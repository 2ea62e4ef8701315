package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browsers are the names under which distributions install Chromium.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

var errNoBrowser = errors.New("no browser: install chromium (looked for " + strings.Join(browsers, ", ") + " in PATH)")

// chromium is the one browser process of all tests.
var chromium struct {
	ctx    context.Context
	cancel []context.CancelFunc
}

var startBrowser = sync.OnceValue(func() error {
	path := findBrowser()
	if path == "" {
		return errNoBrowser
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true),
		// Nothing outside is reached, whatever a page asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	)
	if os.Geteuid() == 0 { // the sandbox refuses to run for root
		opts = append(opts, chromedp.NoSandbox)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	chromium.cancel = append(chromium.cancel, cancel)
	chromium.ctx, cancel = chromedp.NewContext(ctx)
	chromium.cancel = append(chromium.cancel, cancel)
	return chromedp.Do(chromium.ctx)
})

func findBrowser() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func closeBrowser() {
	for i := len(chromium.cancel) - 1; i >= 0; i-- {
		chromium.cancel[i]()
	}
}

// A look is how a reader sees a page.
type look struct {
	width     int64  // of the window; 0 means 1280
	dark      bool   // the reader's setting
	noScripts bool   // scripts are off
	media     string // "print"; "" means the screen
	zone      string // the reader's time zone; "" means UTC
}

// A tab is a window of its own profile, on the site.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu       sync.Mutex
	address  string // that open was called with
	problems []string
}

// newTab opens a tab. It closes with the test, which then fails if a page had
// problems.
func newTab(t *testing.T, l look) *tab {
	t.Helper()
	if err := startBrowser(); errors.Is(err, errNoBrowser) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal("starting the browser: ", err)
	}
	b := &tab{t: t, base: site(t)}
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // opens the tab, which must outlive the time limit
		t.Fatal(err)
	}
	b.ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	t.Cleanup(b.report)
	if err := chromedp.Listen(b.ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, audits.Enable, cdp.Empty{})
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.see(l)
	return b
}

// see makes the tab look as l says.
func (b *tab) see(l look) {
	b.t.Helper()
	width, scheme, zone := l.width, "light", l.zone
	if width == 0 {
		width = 1280
	}
	if l.dark {
		scheme = "dark"
	}
	if zone == "" {
		zone = "UTC"
	}
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600,
	})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media:    l.media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: l.noScripts})
	call(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
}

// call sends a command to the tab.
func call[P, R any](b *tab, cmd cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, cmd, params); err != nil {
		b.t.Fatal(err)
	}
}

// listen notes what a page must not do.
func (b *tab) listen(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || (u.Host != "" && u.Hostname() != "127.0.0.1") {
			b.problem("asks another host: %s", e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		b.problem("exception: %s", (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.problem("console: %s", consoleText(e))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !b.isOwnStatus(e.Entry) {
			b.problem("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if d := e.Issue.Details.ContentSecurityPolicyIssueDetails; d != nil {
			b.problem("content policy: %s %s", d.ViolatedDirective, d.BlockedURL)
		}
	}
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	var parts []string
	for _, a := range e.Args {
		parts = append(parts, string(a.Value)+a.Description)
	}
	return strings.Join(parts, " ")
}

// isOwnStatus reports whether e only says that the opened page is itself an error
// page, as tests of those mean it to be.
func (b *tab) isOwnStatus(e *log.Entry) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return e.URL == b.base+b.address && strings.Contains(e.Text, "status of 4")
}

func (b *tab) problem(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, b.address+": "+fmt.Sprintf(format, args...))
}

func (b *tab) report() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Error(p)
	}
}

// run does actions, and ends the test when one fails.
func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v", b.address, err)
	}
}

// open goes to path and returns the status of the answer.
func (b *tab) open(path string) int64 {
	b.t.Helper()
	b.mu.Lock()
	b.address = path
	b.mu.Unlock()
	return b.follow(chromedp.Navigate(b.base + path))
}

// follow does what leads to another page, waits for that page and returns its status.
func (b *tab) follow(actions ...chromedp.Action[chromedp.Void]) int64 {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	resp, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		b.t.Fatalf("%s: no page follows: %v", b.address, err)
	}
	return resp.Status
}

// click follows the first link or button that sel selects.
func (b *tab) click(sel string) int64 {
	b.t.Helper()
	if !ask[bool](b, "document.querySelector("+quote(sel)+") !== null") {
		b.t.Fatalf("%s: nothing on the page is %s", b.path(), sel)
	}
	return b.follow(chromedp.Click(chromedp.CSS(sel)))
}

// ask returns what a JavaScript expression is on the page, also when the page's
// own scripts are off.
func ask[T any](b *tab, js string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %s: %v", b.address, js, err)
	}
	return v
}

// eventually waits until a JavaScript condition holds.
func (b *tab) eventually(js string) bool {
	b.t.Helper()
	for range 40 {
		if ask[bool](b, js) {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

// path is where the tab is, without scheme and host.
func (b *tab) path() string {
	b.t.Helper()
	return ask[string](b, "location.pathname + location.search")
}

// papers is the addresses of the papers that the page lists, in its order.
func (b *tab) papers() []string {
	b.t.Helper()
	return ask[[]string](b, `[...document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6) a[href^='/papers/']")].map(a => a.getAttribute("href"))`)
}

// quote is s as a JavaScript string.
func quote(s string) string { return fmt.Sprintf("%q", s) }
