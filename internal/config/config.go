// Package config is the settings of Broadsheet: one struct, [Config], filled from
// the defaults, a file, the environment and flags, each holding over the one
// before.
//
// Start with [Load]. Every setting has one name: "metrics_listen" in the file is
// BROADSHEET_METRICS_LISTEN in the environment and --metrics-listen on the command
// line. A dot in a name, as in compat.page_data, is an underscore and a hyphen there.
// What is wrong is an error that says where it stands and what is allowed, and so is a
// name that does not exist.
//
// To add a setting, add a field to [Config]. Its comment is its meaning, and its tags say
// the rest:
//
//	key      the name
//	default  the value of a site that nobody has configured
//	value    what the help calls the value, as in --data DIR
//	rule     what a value must satisfy: the name of a rule in rules.go, with arguments
//	secret   what must not be shown: "all", or "password" for the one in an address
//	flag     "everywhere" for a flag of every command; the others are flags of serve
//
// The file, the environment, the flags and their help, the print of [Config.Print] and the
// table in README.md follow from the field.
//
// Only packages app, bench and cli see a Config: the others are handed the values that
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
	Data string `key:"data" default:"data" value:"DIR" rule:"not-empty name a folder, for example data" flag:"everywhere"`

	// Where papers are kept, sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. Several
	// servers may share a PostgreSQL database. Empty: sqlite:DATA/broadsheet.db.
	Database string `key:"database" value:"URL" rule:"database" secret:"password" flag:"everywhere"`

	// The address that serves the site, HOST:PORT. Use 0.0.0.0:8080 to be reached
	// from other machines.
	Listen string `key:"listen" default:"127.0.0.1:8080" value:"ADDR" rule:"address"`

	// The address that serves /metrics to Prometheus, HOST:PORT, apart from the
	// site's own so that it can stay private. Empty: no metrics are served.
	MetricsListen string `key:"metrics_listen" value:"ADDR" rule:"optional address"`

	// The site's public address, https://papers.example.org, for canonical links,
	// the sitemap and feeds. Empty: taken from each request.
	BaseURL string `key:"base_url" value:"URL" rule:"optional site"`

	// The site's name, as the header and the titles of pages show it.
	SiteName string `key:"site_name" default:"Broadsheet" value:"NAME" rule:"not-empty give the site a name"`

	// The time zone of the feed clock, a name of the IANA database.
	ClockZone string `key:"clock_zone" default:"America/New_York" value:"ZONE" rule:"zone"`

	// When a new edition opens by that clock, HH:MM.
	ClockOpens string `key:"clock_opens" default:"21:30" value:"HH:MM" rule:"clock"`

	// Pictures of papers from other sites: off (none is shown), link (readers'
	// browsers fetch them, which tells those sites who reads) or proxy (this server
	// fetches and keeps them).
	Media string `key:"media" default:"off" value:"off|link|proxy" rule:"one-of off link proxy"`

	// Where the search index is kept: index:DIR. All of it can be made again from
	// the database. Empty: index:DATA/index.
	Search string `key:"search" value:"index:DIR" rule:"optional index"`

	// What turns texts into vectors, so that papers are found by meaning: builtin
	// (the model in the program), off (papers are found by words alone), or the
	// address of a server with an OpenAI-compatible API, https://HOST/v1.
	Embedding string `key:"embedding" default:"builtin" value:"builtin|off|URL" rule:"embedding"`

	// The model to ask the embedding server for, as it calls it.
	EmbeddingModel string `key:"embedding_model" value:"NAME"`

	// How many dimensions that model's vectors have.
	EmbeddingDimensions int `key:"embedding_dimensions" default:"0" value:"N" rule:"number 0 8192"`

	// The key that the embedding server wants, if it wants one.
	EmbeddingKey string `key:"embedding_key" value:"KEY" secret:"all"`

	// Whether list pages carry, for programs that read pages instead of the API, the
	// data that the public Daily Papers site puts into its own.
	CompatPageData bool `key:"compat.page_data" default:"true" value:"BOOL"`

	// How many requests to the API one address may send in five minutes; more are
	// answered with 429. 0: as many as it likes. This machine itself is never limited.
	APILimit int `key:"api_limit" default:"6000" value:"N" rule:"number 0 1000000000"`

	// The proxies that are trusted to name a client's address (X-Forwarded-For):
	// addresses and networks, separated by commas. Empty: none.
	TrustedProxies string `key:"trusted_proxies" default:"127.0.0.0/8, ::1" value:"LIST" rule:"networks"`

	// Whether an empty site starts with the demonstration catalog.
	Demo bool `key:"demo" default:"true" value:"BOOL"`

	// How the log is written: text or json.
	LogFormat string `key:"log_format" default:"text" value:"text|json" rule:"one-of text json" flag:"everywhere"`

	// What is logged: error, warn, info (also requests that fail or take over a
	// second) or debug (every request).
	LogLevel string `key:"log_level" default:"info" value:"error|warn|info|debug" rule:"one-of error warn info debug" flag:"everywhere"`

	// How long one request may take until it is given up.
	RequestTimeout time.Duration `key:"request_timeout" default:"30s" value:"SPAN" rule:"span 1s 1h"`

	// How many connections are served at a time; more wait for their turn.
	MaxConnections int `key:"max_connections" default:"4096" value:"N" rule:"number 1 1000000"`

	// origins says where each setting that is not a default comes from.
	origins map[string]string
}

// Default returns the settings of a site that nobody has configured.
func Default() Config {
	c := Config{origins: map[string]string{}}
	for _, s := range c.settings() {
		if err := s.parse(s.fallback); err != nil && s.fallback != "" {
			panic("config: the default of " + err.Error())
		}
	}
	return c
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

// Proxies is TrustedProxies. The setting has been checked by [Load].
func (c *Config) Proxies() []netip.Prefix {
	all, err := networks(c.TrustedProxies)
	if err != nil {
		return nil
	}
	return all
}
