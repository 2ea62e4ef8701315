package config

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestLaterLayersHold(t *testing.T) {
	file := write(t, "listen: 127.0.0.1:1\nsite_name: From file\nmedia: off\nclock_opens: 20:15\nlog_level: warn\n")
	c, err := Load(Input{
		File:    file,
		Environ: []string{"BROADSHEET_LISTEN=127.0.0.1:2", "BROADSHEET_LOG_LEVEL=error", "HOME=/root"},
		Flags:   map[string]string{"listen": "127.0.0.1:3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, got, want string }{
		{"a flag holds over all", c.Listen, "127.0.0.1:3"},
		{"the environment holds over the file", c.LogLevel, "error"},
		{"the file holds over the default", c.SiteName, "From file"},
		{"off is a word, not a boolean", c.Media, "off"},
		{"a time is no number", c.ClockOpens, "20:15"},
		{"the default stays", c.ClockZone, "America/New_York"},
		{"the database lies in the data folder", c.DatabaseURL(), "sqlite:" + filepath.Join("data", "broadsheet.db")},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// A name with a dot may stand as it is or as a table, and is written with underscores
// and hyphens elsewhere.
func TestNamesWithADot(t *testing.T) {
	for what, in := range map[string]Input{
		"a line":          {File: write(t, "compat.page_data: false\n")},
		"a table":         {File: write(t, "compat:\n  page_data: false\n")},
		"the environment": {Environ: []string{"BROADSHEET_COMPAT_PAGE_DATA=false"}},
		"a flag":          {Flags: map[string]string{"compat.page_data": "false"}},
	} {
		if c, err := Load(in); err != nil || c.CompatPageData {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, s := range Settings() {
		if s.Key == "compat.page_data" && (s.Flag != "compat-page-data" || s.Env != "BROADSHEET_COMPAT_PAGE_DATA") {
			t.Errorf("the flag is --%s, the variable %s", s.Flag, s.Env)
		}
	}
	for _, text := range []string{"compat:\n  page_dada: false\n", "compat: false\n", "compat:\n  page_data: false\ncompat.page_data: true\n"} {
		if _, err := Load(Input{File: write(t, text)}); err == nil {
			t.Errorf("taken: %q", text)
		}
	}
}

func TestProxies(t *testing.T) {
	c, err := Load(Input{Flags: map[string]string{"trusted_proxies": "10.0.0.0/8, ::1 ,192.0.2.7"}})
	if err != nil || len(c.Proxies()) != 3 || c.Proxies()[2].String() != "192.0.2.7/32" {
		t.Errorf("%v, %v", c, err)
	}
	if _, err := Load(Input{Flags: map[string]string{"trusted_proxies": "nginx"}}); err == nil || !strings.Contains(err.Error(), "10.0.0.0/8") {
		t.Errorf("%v", err)
	}
}

func TestDefaultFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(Input{Flags: map[string]string{"data": dir}}); err != nil {
		t.Fatalf("without a file: %v", err)
	}
	path := filepath.Join(dir, "broadsheet.yaml")
	if err := os.WriteFile(path, []byte("request_timeout: 1m\nmax_connections: 7\ndemo: false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Input{Environ: []string{"BROADSHEET_DATA=" + dir}})
	if err != nil {
		t.Fatal(err)
	}
	if c.RequestTimeout != time.Minute || c.MaxConnections != 7 || c.Demo {
		t.Errorf("not read: %+v", c)
	}
}

func TestConfigFromEnvironment(t *testing.T) {
	file := write(t, "site_name: Named\n")
	c, err := Load(Input{Environ: []string{"BROADSHEET_CONFIG=" + file}})
	if err != nil || c.SiteName != "Named" {
		t.Fatalf("got %v, %v", c, err)
	}
}

func TestFilesWithoutSettings(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n"} {
		if _, err := Load(Input{File: write(t, text)}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestErrorsSayWhereAndWhat(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		env        []string
		flags      map[string]string
		want       string
	}{
		{"unknown key", "site_name: a\nlistn: b\n", nil, nil, ":2: listn is no setting: did you mean listen?"},
		{"nothing near", "color_of_the_sky: b\n", nil, nil, "`broadsheet config` lists them all"},
		{"twice", "listen: :1\nlisten: :2\n", nil, nil, ":2: listen is already set in line 1"},
		{"a list", "listen: [a, b]\n", nil, nil, ":1: listen takes one value"},
		{"no mapping", "- a\n", nil, nil, ":1: settings are lines of the form name: value"},
		{"broken YAML", "a: b: c\n", nil, nil, "mapping values are not allowed"},
		{"bad word", "media: on\n", nil, nil, `:1: media: "on" is not allowed: write off, link or proxy`},
		{"bad address", "listen: foo\n", nil, nil, `listen: "foo" is not allowed: write HOST:PORT`},
		{"bad port", "listen: :99999\n", nil, nil, "write HOST:PORT"},
		{"bad span", "request_timeout: soon\n", nil, nil, "write 30s or 2m"},
		{"long span", "request_timeout: 2h\n", nil, nil, "write a time span from 1s to 1h"},
		{"bad truth", "demo: maybe\n", nil, nil, "neither true nor false"},
		{"bad number", "max_connections: many\n", nil, nil, "not a whole number"},
		{"number out of range", "max_connections: 0\n", nil, nil, "write a number from 1"},
		{"bad zone", "clock_zone: Moon\n", nil, nil, "write a time zone"},
		{"bad opening", "clock_opens: 25:99\n", nil, nil, "write hour and minute"},
		{"bad base", "base_url: example.org\n", nil, nil, "write https://HOST"},
		{"empty name", "site_name:\n", nil, nil, "give the site a name"},
		{"bad database", "database: mysql://u:secret@h/n\n", nil, nil, "write sqlite:PATH or postgres://"},
		{"environment", "", []string{"BROADSHEET_LISTN=x"}, nil, "BROADSHEET_LISTN is no setting: did you mean BROADSHEET_LISTEN?"},
		{"environment's value", "", []string{"BROADSHEET_MEDIA=x"}, nil, "BROADSHEET_MEDIA: media:"},
		{"flag's value", "", nil, map[string]string{"log_level": "loud"}, "--log-level: log_level:"},
		{"same address", "listen: :1\nmetrics_listen: :1\n", nil, nil, "give the metrics another port"},
	} {
		_, err := Load(Input{File: write(t, tt.file), Environ: tt.env, Flags: tt.flags})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the password: %v", tt.name, err)
		}
	}
}

func TestMissingFile(t *testing.T) {
	if _, err := Load(Input{File: filepath.Join(t.TempDir(), "none.yaml")}); err == nil {
		t.Error("a file that was named must be there")
	}
}

func TestDataInItsOwnFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "broadsheet.yaml"), []byte("data: /elsewhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Input{Flags: map[string]string{"data": dir}})
	if err == nil || !strings.Contains(err.Error(), "use --data") {
		t.Errorf("got %v", err)
	}
}

// Every exported field is a setting that is whole: it has a name, a meaning, what its help
// calls the value, a rule that there is, and a default that the rule allows.
func TestEverySettingIsWhole(t *testing.T) {
	c := Default()
	settings := c.settings()
	fields := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if f.IsExported() {
			fields++
		}
	}
	if len(settings) != fields {
		t.Errorf("%d fields, %d settings", fields, len(settings))
	}
	for _, s := range settings {
		if s.brief() == "" || s.kind == "" {
			t.Errorf("%s: brief %q, value %q", s.key, s.brief(), s.kind)
		}
		if err := s.set(s.text()); err != nil {
			t.Errorf("the default: %v", err)
		}
		if s.text() != s.fallback {
			t.Errorf("%s: the default is %q, the tag says %q", s.key, s.text(), s.fallback)
		}
	}
}

func TestPrintReadsBack(t *testing.T) {
	c, err := Load(Input{File: write(t, "site_name: 'on'\nmedia: link\nrequest_timeout: 1m30s\n")})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.Print(&out); err != nil {
		t.Fatal(err)
	}
	again, err := Load(Input{File: write(t, out.String())})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	again.origins, c.origins = nil, nil
	if got, want := *again, *c; !sameSettings(&got, &want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPrintHidesPasswords(t *testing.T) {
	for _, url := range []string{
		"postgres://broadsheet:hunter2@db/broadsheet",
		"postgres://broadsheet@db/broadsheet?password=hunter2&sslmode=disable",
	} {
		c, err := Load(Input{Flags: map[string]string{"database": url}})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := c.Print(&out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "hunter2") || !strings.Contains(out.String(), "@db/broadsheet") {
			t.Errorf("%s prints as\n%s", url, out.String())
		}
	}
}

func sameSettings(a, b *Config) bool {
	other := b.settings()
	for i, s := range a.settings() {
		if s.text() != other[i].text() {
			return false
		}
	}
	return true
}

// FuzzFile holds that no file makes Load panic.
func FuzzFile(f *testing.F) {
	f.Add("listen: 127.0.0.1:8080\n")
	f.Add("&a [*a]\n")
	f.Add("? {a: b}\n: c\n")
	f.Fuzz(func(t *testing.T, text string) {
		c := Default()
		path := filepath.Join(t.TempDir(), "f.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.readFile(path, false); err == nil {
			_ = c.check()
		}
	})
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "broadsheet.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
