package segment

// An idTable finds a document by its identifier: slots of hash<<32 | document+1,
// open addressing. The hash is part of the format.
type idTable []uint64

func newIDTable(n int, id func(int) string) idTable {
	if n == 0 {
		return nil
	}
	t := make(idTable, n+n/2+1)
	for i := range n {
		h := hashID(id(i))
		at := t.slot(h)
		for t[at] != 0 {
			at = t.after(at)
		}
		t[at] = uint64(h)<<32 | uint64(i+1)
	}
	return t
}

func (t idTable) slot(h uint32) int { return int(uint64(h) * uint64(len(t)) >> 32) }

func (t idTable) after(at int) int {
	if at++; at == len(t) {
		return 0
	}
	return at
}

// find gives the document with the identifier, or -1.
func (t idTable) find(id string, of func(int) string) int {
	if len(t) == 0 {
		return -1
	}
	h := hashID(id)
	for at, left := t.slot(h), len(t); t[at] != 0 && left > 0; at, left = t.after(at), left-1 {
		if doc := int(uint32(t[at])) - 1; uint32(t[at]>>32) == h && of(doc) == id {
			return doc
		}
	}
	return -1
}

// hashID is FNV-1a with a last mixing.
func hashID(s string) uint32 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return uint32(h >> 32)
}

// newKeyTable is a table of the documents whose key is not 0.
func newKeyTable(n int, key func(int) uint64) idTable {
	if n == 0 {
		return nil
	}
	t := make(idTable, n+n/2+1)
	for i := range n {
		k := key(i)
		if k == 0 {
			continue
		}
		at := t.slot(uint32(k))
		for t[at] != 0 {
			at = t.after(at)
		}
		t[at] = k>>32<<32 | uint64(i+1)
	}
	return t
}

// withKey gives the documents that may have a key.
func (t idTable) withKey(k uint64) (docs []uint32) {
	if len(t) == 0 || k == 0 {
		return nil
	}
	for at, left := t.slot(uint32(k)), len(t); t[at] != 0 && left > 0; at, left = t.after(at), left-1 {
		if t[at]>>32 == k>>32 {
			docs = append(docs, uint32(t[at])-1)
		}
	}
	return docs
}
