package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"

	"github.com/x448/float16"

	"broadsheet/internal/paper"
)

// A TextHash names a text that was embedded: the first bytes of its SHA-256.
type TextHash [16]byte

// Vectors returns the kept embeddings of texts by a model; those that are not kept
// are left out.
//
// Numbers are kept as half floats (IEEE 754 binary16): their error, one in 2,048, is far
// below that of the codes that an index makes of them, they need no scale beside them,
// and they take half the room.
func (db *DB) Vectors(ctx context.Context, model string, texts []TextHash) (map[TextHash][]float32, error) {
	found := map[TextHash][]float32{}
	for len(texts) > 0 {
		part := texts[:min(inChunk, len(texts))]
		texts = texts[len(part):]
		size := 1
		for size < len(part) {
			size *= 2
		}
		args := []any{model}
		for i := range size {
			args = append(args, part[min(i, len(part)-1)][:])
		}
		rows, err := db.rows(ctx, `select text_hash, vector from vectors where model in `+db.dialect.placeholders(0, 1)+
			` and text_hash in `+db.dialect.placeholders(1, size), args...)
		if err == nil {
			err = each(rows, func(rows *sql.Rows) error {
				var hash, packed []byte
				if err := rows.Scan(&hash, &packed); err != nil {
					return err
				}
				found[TextHash(hash)] = unpackVector(packed)
				return nil
			})
		}
		if err != nil {
			return nil, fmt.Errorf("store: vectors of %s: %w", model, err)
		}
	}
	return found, nil
}

// PutVectors keeps embeddings of texts by a model.
func (db *DB) PutVectors(ctx context.Context, model string, vectors map[TextHash][]float32) error {
	if model == "" {
		return paper.Invalid("model", "a model without a name keeps no vectors")
	}
	rows := make([][]any, 0, len(vectors))
	for hash, v := range vectors {
		rows = append(rows, []any{model, hash[:], packVector(v)})
	}
	err := db.update(ctx, func(w *writeTx) error {
		return w.insertRows(ctx, table{"vectors", []string{"model", "text_hash", "vector"}, "on conflict do nothing"}, rows)
	})
	if err != nil {
		return fmt.Errorf("store: put vectors of %s: %w", model, err)
	}
	return nil
}

// PruneVectors drops the embeddings that keep does not want, and returns how many
// these were.
func (db *DB) PruneVectors(ctx context.Context, keep func(model string, text TextHash) bool) (int, error) {
	const page = 4096
	const list = `select model, text_hash from vectors where (model, text_hash) > ($1, $2) order by model, text_hash limit $3`
	type key struct {
		model string
		text  []byte
	}
	dropped := 0
	for last := (key{text: []byte{}}); ; {
		rows, err := db.rows(ctx, list, last.model, last.text, page)
		keys, err := collect(rows, err, func(rows *sql.Rows) (k key, err error) {
			err = rows.Scan(&k.model, &k.text)
			return k, err
		})
		if err != nil {
			return dropped, fmt.Errorf("store: prune vectors: %w", err)
		}
		if len(keys) == 0 {
			return dropped, nil
		}
		last = keys[len(keys)-1]
		err = db.update(ctx, func(w *writeTx) error {
			for _, k := range keys {
				if keep(k.model, TextHash(k.text)) {
					continue
				}
				if err := w.exec(ctx, `delete from vectors where model = $1 and text_hash = $2`, k.model, k.text); err != nil {
					return err
				}
				dropped++
			}
			return nil
		})
		if err != nil {
			return dropped, fmt.Errorf("store: prune vectors: %w", err)
		}
	}
}

func packVector(v []float32) []byte {
	packed := make([]byte, 0, 2*len(v))
	for _, x := range v {
		packed = binary.LittleEndian.AppendUint16(packed, float16.Fromfloat32(x).Bits())
	}
	return packed
}

func unpackVector(packed []byte) []float32 {
	v := make([]float32, len(packed)/2)
	for i := range v {
		v[i] = float16.Frombits(binary.LittleEndian.Uint16(packed[2*i:])).Float32()
	}
	return v
}
