package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
	"broadsheet/internal/bench"
	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static/train"
)

const trainHelp = `Train makes a model that turns texts into vectors, from the titles and abstracts in
files of arXiv's metadata (JSON lines, plain or packed), or, without FILE, from the
site's own papers. It moves titles near to their own abstracts and away from others.

Interrupt it as you like: the state is kept in the checkpoint file, and the same
command goes on from there. The same options and papers give the same model, byte for
byte, however many workers there are. All papers are held in memory, about half a
kilobyte each. A line that cannot be used is named on standard error and skipped.

broadsheet eval --model FILE says how good the model is. The model that the program
uses is compiled in: internal/embedding/static/model.bin in its source.`

// A trainRun is one call of `broadsheet model train`.
type trainRun struct {
	out     string
	options train.Options
}

// newModel is `broadsheet model`.
func newModel(set *settings) *cobra.Command {
	group := &cobra.Command{
		Use:     "model",
		Short:   "Train the model that finds papers by meaning",
		Long:    "Model makes what turns texts into vectors, so that papers are found by meaning.",
		Example: "  broadsheet model train --out model.bin arxiv-metadata.json",
		Args:    noUnknown,
		RunE:    needCommand,
	}
	group.AddCommand(newModelTrain(set))
	return group
}

func newModelTrain(set *settings) *cobra.Command {
	var r trainRun
	cmd := &cobra.Command{
		Use:   "train [FILE...]",
		Short: "Train a model on titles and abstracts",
		Long:  trainHelp,
		Example: `  broadsheet model train --out model.bin arxiv.jsonl.zst
  broadsheet model train --epochs 2 --seed 7
  broadsheet eval --model model.bin collections/*`,
		RunE: func(cmd *cobra.Command, files []string) error {
			return set.train(cmd.Context(), r, files)
		},
	}
	o, f := &r.options, cmd.Flags()
	f.StringVar(&r.out, "out", "model.bin", "the `FILE` to write the model to")
	f.StringVar(&o.Checkpoint, "checkpoint", "", "the `FILE` that keeps the state (default the one of --out with .checkpoint)")
	f.Uint64Var(&o.Seed, "seed", 1, "the number `N` that all chance comes from")
	f.IntVar(&o.Epochs, "epochs", 1, "how often each paper is seen, `N` times")
	f.IntVar(&o.Vocabulary, "vocabulary", 30_000, "how many stems to keep at most, `N`")
	f.IntVar(&o.Dimensions, "dimensions", 192, "numbers of a vector, `N`, a multiple of 16")
	f.IntVar(&o.Batch, "batch", 2048, "papers that are told apart at once, `N`, a multiple of 16")
	f.Float64Var(&o.Rate, "rate", 0.1, "the size `X` of the steps")
	f.Float64Var(&o.Temperature, "temperature", 0.05, "of the comparison, `X`: lower looks at the nearest only")
	f.IntVar(&o.Workers, "workers", 0, "how many processors to use, `N` (default all)")
	return cmd
}

// train trains a model and writes it.
func (s *settings) train(ctx context.Context, r trainRun, files []string) error {
	start := time.Now()
	if err := refuseZero(r.options); err != nil {
		return err
	}
	r.options.Checkpoint = cmp.Or(r.options.Checkpoint, r.out+".checkpoint")
	if err := writable(r.out, r.options.Checkpoint); err != nil {
		return err
	}
	texts, closeTexts, err := s.trainingTexts(ctx, files)
	if err != nil {
		return err
	}
	p := newTrainProgress(s.err)
	r.options.Progress = p.show
	model, err := train.Train(ctx, r.options, texts)
	p.end()
	err = errors.Join(err, closeTexts())
	switch {
	case err != nil && ctx.Err() != nil:
		return &exitError{statusInterrupted, trainInterrupted(r.options.Checkpoint)}
	case err != nil:
		return importError(err)
	}
	size, err := bench.WriteModel(r.out, model)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %s, %s stems, %.1f MB, trained on %s in %s\n", r.out, model.Name(),
		thousands(len(model.Stems())), float64(size)/1e6, count(p.last.Documents, "paper"), roundTime(time.Since(start)))
	return nil
}

// refuseZero keeps a 0 that was written from standing for a default.
func refuseZero(o train.Options) error {
	for _, f := range []struct {
		name  string
		value float64
	}{
		{"epochs", float64(o.Epochs)},
		{"vocabulary", float64(o.Vocabulary)},
		{"dimensions", float64(o.Dimensions)},
		{"batch", float64(o.Batch)},
		{"rate", o.Rate},
		{"temperature", o.Temperature},
	} {
		if !(f.value > 0) {
			return usageError("--%s: %g is not allowed: write a number above 0", f.name, f.value)
		}
	}
	if o.Workers < 0 {
		return usageError("--workers: %d is not allowed: write a number of processors, or 0 for all", o.Workers)
	}
	return nil
}

// writable sees before the work that its results can be written.
func writable(files ...string) error {
	for _, name := range files {
		dir := filepath.Dir(name)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return usageError("%s: there is no folder %s", name, dir)
		}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return usageError("%s is a folder: name a file", name)
		}
	}
	return nil
}

// trainInterrupted says what an interrupted training leaves.
func trainInterrupted(checkpoint string) error {
	if _, err := os.Stat(checkpoint); err != nil {
		return errors.New("interrupted while reading: nothing is lost; run the same command again")
	}
	return fmt.Errorf("interrupted: the state is kept in %s; run the same command again to go on", checkpoint)
}

// trainingTexts gives what to train on, and a function that closes it.
func (s *settings) trainingTexts(ctx context.Context, files []string) (iter.Seq2[embedding.Text, error], func() error, error) {
	if len(files) > 0 {
		bad := func(err error) { fmt.Fprintln(s.err, err) }
		return bench.FileTexts(files, s.in, bad), func() error { return nil }, nil
	}
	cfg, err := s.load()
	if err != nil {
		return nil, nil, err
	}
	db, err := app.OpenStore(ctx, cfg, s.log(cfg, s.err))
	if err != nil {
		return nil, nil, err
	}
	return bench.StoreTexts(ctx, db), db.Close, nil
}
