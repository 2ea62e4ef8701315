package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"broadsheet/internal/ingest"
	"broadsheet/internal/source"
	"broadsheet/internal/store"
)

// An ImportResult is what was measured of an import.
type ImportResult struct {
	ingest.Summary
	Bytes int64 // of the database
}

// Import measures the import of a source into a new SQLite database, which is removed at the end.
func Import(ctx context.Context, from source.Source, o ingest.Options) (res ImportResult, err error) {
	dir, err := os.MkdirTemp("", "broadsheet-bench-")
	if err != nil {
		return res, fmt.Errorf("a folder for the measurement: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "broadsheet.db"))
	if err != nil {
		return res, err
	}
	res.Summary, err = ingest.Run(ctx, db, from, o)
	err = errors.Join(err, db.Close())
	if err == nil {
		res.Bytes, err = folderSize(dir)
	}
	return res, err
}

// folderSize returns the bytes of the files in dir.
func folderSize(dir string) (int64, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	var size int64
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}
