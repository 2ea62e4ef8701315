package app

import (
	"io"
	"log/slog"
	"strings"

	"broadsheet/internal/config"
	"broadsheet/internal/httpserver"
)

// NewLog returns the log that cfg asks for.
func NewLog(cfg *config.Config, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: level(cfg.LogLevel)}
	if cfg.LogFormat == "json" {
		return slog.New(httpserver.WithRequestIDs(slog.NewJSONHandler(w, o)))
	}
	return slog.New(httpserver.WithRequestIDs(slog.NewTextHandler(w, o)))
}

// level is the level of a name that the configuration allows.
func level(name string) slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(strings.ToUpper(name))); err != nil {
		return slog.LevelInfo
	}
	return l
}
