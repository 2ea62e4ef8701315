package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"broadsheet/internal/config"
)

var silent = slog.New(slog.DiscardHandler)

func TestLogsAsJSON(t *testing.T) {
	cfg := config.Default()
	cfg.LogFormat = "json"
	var out bytes.Buffer
	NewLog(&cfg, &out).With("a", 1).WithGroup("g").Info("hello")
	if !strings.HasPrefix(out.String(), `{"time":`) {
		t.Errorf("got %s", out.String())
	}
}
