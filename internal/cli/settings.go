package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"broadsheet/internal/app"
	"broadsheet/internal/config"
	"broadsheet/internal/store"
)

// settings collects what the flags say about the configuration.
type settings struct {
	streams
	file  string
	flags []*pflag.Flag // of settings; those that were given count
}

// persistent adds the flags of every command to root.
func (s *settings) persistent(root *cobra.Command) {
	root.PersistentFlags().StringVar(&s.file, "config", "", "read settings from this `FILE` (else DATA/broadsheet.yaml, if it is there)")
	for _, setting := range config.Settings() {
		if setting.Everywhere {
			s.add(root.PersistentFlags(), setting)
		}
	}
}

// serving adds the flags of the other settings.
func (s *settings) serving(cmd *cobra.Command) {
	for _, setting := range config.Settings() {
		if !setting.Everywhere {
			s.add(cmd.Flags(), setting)
		}
	}
}

// add makes a flag of a setting. Flags are kept as text: package config reads them
// by the same rules as the file and the environment.
func (s *settings) add(flags *pflag.FlagSet, setting config.Setting) {
	usage := setting.Brief
	if setting.Default != "" {
		usage += " (default " + setting.Default + ")"
	}
	f := flags.VarPF(&text{kind: setting.Value}, setting.Flag, "", usage)
	if setting.Switch {
		f.NoOptDefVal = "true"
	}
	f.Annotations = map[string][]string{"setting": {setting.Key}}
	s.flags = append(s.flags, f)
}

// A text is the value of a setting's flag, as it was given.
type text struct{ given, kind string }

func (t *text) String() string     { return t.given }
func (t *text) Set(v string) error { t.given = v; return nil }
func (t *text) Type() string       { return t.kind }

// load returns the effective configuration.
func (s *settings) load() (*config.Config, error) {
	given := map[string]string{}
	for _, f := range s.flags {
		if f.Changed {
			given[f.Annotations["setting"][0]] = f.Value.String()
		}
	}
	cfg, err := config.Load(config.Input{File: s.file, Environ: s.environ, Flags: given})
	if err != nil {
		return nil, usageError("%w", err)
	}
	return cfg, nil
}

// log is where commands log: standard error.
func (s *settings) log(cfg *config.Config, w io.Writer) *slog.Logger { return app.NewLog(cfg, w) }

// withStore runs f on the store of the effective configuration.
func (s *settings) withStore(ctx context.Context, f func(*store.DB) error) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	db, err := app.OpenStore(ctx, cfg, s.log(cfg, s.err))
	if err != nil {
		return err
	}
	return errors.Join(f(db), db.Close())
}
