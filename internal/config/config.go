// Package config is the settings of Broadsheet: one struct, [Config], filled from
// the defaults, a file, the environment and flags, each holding over the one
// before.
//
// Start with [Load]. Every setting has one name: "metrics_listen" in the file is
// BROADSHEET_METRICS_LISTEN in the environment and --metrics-listen on the command
// line. A dot in a name, as in compat.page_data, is an underscore and a hyphen there. What is wrong is an error that says where it stands and what is allowed,
// and so is a name that does not exist.
//
// To add a setting, add a field with a comment and a default; a rule for its
// values goes into rules.go. The file, the environment, the flags and the print of
// [Config.Print] follow from the field.
//
// Only packages app and cli see a Config: the others are handed the values that
// they need. The package opens nothing but the configuration file.
package config

import (
	"net/netip"
	"path/filepath"
	"strings"
	"time"
)

// A Config is every setting of the program. The comments of its fields are what
// [Config.Print] shows and what the flags' help says.
type Config struct {
	// The folder that holds everything: the database, fetched pictures and, if it
	// is there, the configuration file broadsheet.yaml. Back up this one folder.
	Data string `yaml:"data"`

	// Where papers are kept: sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME to
	// share one database between several servers. Empty: sqlite:DATA/broadsheet.db.
	Database string `yaml:"database"`

	// The address that serves the site, HOST:PORT. Use 0.0.0.0:8080 to be reached
	// from other machines.
	Listen string `yaml:"listen"`

	// The address that serves /metrics to Prometheus, HOST:PORT, apart from the
	// site's own so that it can stay private. Empty: no metrics are served.
	MetricsListen string `yaml:"metrics_listen"`

	// The site's public address, https://papers.example.org, for canonical links,
	// the sitemap and feeds. Empty: taken from each request.
	BaseURL string `yaml:"base_url"`

	// The site's name, as the header and the titles of pages show it.
	SiteName string `yaml:"site_name"`

	// The time zone of the feed clock, a name of the IANA database.
	ClockZone string `yaml:"clock_zone"`

	// When a new edition opens by that clock, HH:MM.
	ClockOpens string `yaml:"clock_opens"`

	// Pictures of papers from other sites: off (none is shown), link (readers'
	// browsers fetch them, which tells those sites who reads) or proxy (this server
	// fetches and keeps them).
	Media string `yaml:"media"`

	// Where the search index is kept: index:DIR. All of it can be made again from
	// the database. Empty: index:DATA/index.
	Search string `yaml:"search"`

	// What turns texts into vectors, so that papers are found by meaning: builtin
	// (the model in the program), off (papers are found by words alone), or the
	// address of a server with an OpenAI-compatible API, https://HOST/v1.
	Embedding string `yaml:"embedding"`

	// The model to ask such a server for, as it calls it.
	EmbeddingModel string `yaml:"embedding_model"`

	// How many dimensions that model's vectors have.
	EmbeddingDimensions int `yaml:"embedding_dimensions"`

	// The key that such a server wants, if it wants one.
	EmbeddingKey string `yaml:"embedding_key"`

	// Whether list pages carry, for programs that read pages instead of the API, the
	// data that the public Daily Papers site puts into its own.
	CompatPageData bool `yaml:"compat.page_data"`

	// How many requests to the API one address may send in five minutes; more are
	// answered with 429. 0: as many as it likes. This machine itself is never limited.
	APILimit int `yaml:"api_limit"`

	// The proxies whose word about a client's address (X-Forwarded-For) is taken:
	// addresses and networks, separated by commas. Empty: nobody's.
	TrustedProxies string `yaml:"trusted_proxies"`

	// Whether an empty site starts with the demonstration catalogue.
	Demo bool `yaml:"demo"`

	// How the log is written: text or json.
	LogFormat string `yaml:"log_format"`

	// What is logged: error, warn, info (also requests that fail or take over a
	// second) or debug (every request).
	LogLevel string `yaml:"log_level"`

	// How long one request may take until it is given up.
	RequestTimeout time.Duration `yaml:"request_timeout"`

	// How many connections are served at a time; more wait for their turn.
	MaxConnections int `yaml:"max_connections"`

	// origins says where each setting that is not a default comes from.
	origins map[string]string
}

// Default returns the settings of a site that nobody has configured.
func Default() Config {
	return Config{
		Data:           "data",
		Listen:         "127.0.0.1:8080",
		SiteName:       "Broadsheet",
		ClockZone:      "America/New_York",
		ClockOpens:     "21:30",
		Media:          "off",
		Embedding:      "builtin",
		CompatPageData: true,
		APILimit:       6000,
		TrustedProxies: "127.0.0.0/8, ::1",
		Demo:           true,
		LogFormat:      "text",
		LogLevel:       "info",
		RequestTimeout: 30 * time.Second,
		MaxConnections: 4096,
		origins:        map[string]string{},
	}
}

// DatabaseURL is where papers are kept: Database, or the file in the data folder.
func (c *Config) DatabaseURL() string {
	if c.Database != "" {
		return c.Database
	}
	return "sqlite:" + filepath.Join(c.Data, "broadsheet.db")
}

// IndexDir is the folder that holds the search index.
func (c *Config) IndexDir() string {
	if dir, ok := strings.CutPrefix(c.Search, "index:"); ok {
		return dir
	}
	return filepath.Join(c.Data, "index")
}

// MediaDir is the folder that holds fetched pictures.
func (c *Config) MediaDir() string { return filepath.Join(c.Data, "media") }

// Opens is ClockOpens as hour and minute. The setting has been checked by [Load].
func (c *Config) Opens() (hour, minute int) {
	t, err := time.Parse("15:04", c.ClockOpens)
	if err != nil {
		return 21, 30
	}
	return t.Hour(), t.Minute()
}

// Proxies is TrustedProxies. The setting has been checked by [Load].
func (c *Config) Proxies() []netip.Prefix {
	all, err := networks(c.TrustedProxies)
	if err != nil {
		return nil
	}
	return all
}

// Zone is ClockZone. The setting has been checked by [Load].
func (c *Config) Zone() *time.Location {
	loc, err := time.LoadLocation(c.ClockZone)
	if err != nil {
		return time.UTC
	}
	return loc
}
