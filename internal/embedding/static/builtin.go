package static

import (
	_ "embed" // the model's file
	"sync"
)

//go:embed model.bin
var builtin []byte

// Builtin returns the model that is compiled in. The first call takes some
// milliseconds; the table itself is not copied.
var Builtin = sync.OnceValues(func() (*Model, error) { return parse(builtin) })
