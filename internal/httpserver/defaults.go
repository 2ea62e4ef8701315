package httpserver

import (
	"cmp"
	"log/slog"
	"strings"
	"time"
)

// DefaultSiteName is the name of a site that nobody has named.
const DefaultSiteName = "Broadsheet"

// Complete sets what the options of a front end leave open: the name of the site, the
// clock and the log. A base URL loses its slash at the end. nil is left alone.
func Complete(siteName, baseURL *string, now *func() time.Time, log **slog.Logger) {
	*siteName = cmp.Or(*siteName, DefaultSiteName)
	*baseURL = strings.TrimRight(*baseURL, "/")
	if now != nil && *now == nil {
		*now = time.Now
	}
	if *log == nil {
		*log = slog.New(slog.DiscardHandler)
	}
}
