package vector

// byCode makes s.hits of the candidates whose codes the exact query fits best, want of
// them: the sum of the rotated query's numbers, each with the sign that the code has
// there (R. Gao, C. Long, "RaBitQ", 2024, without its correction by document, which
// changes nothing here). A table holds that sum for each value of each byte.
func (s *Searcher) byCode(candidates []candidate, want int) {
	s.hits = s.hits[:0]
	if len(candidates) <= want {
		for _, c := range candidates {
			s.hits = append(s.hits, Hit{Doc: c.doc})
		}
		return
	}
	s.fillTable()
	for _, c := range candidates {
		s.hits = append(s.hits, Hit{c.doc, s.fit(int(c.doc))})
	}
	s.hits = topHits(s.hits, want)
}

func (s *Searcher) fillTable() {
	bytes := len(s.spun) / 8
	if len(s.table) != bytes*256 {
		s.table = make([]float32, bytes*256)
	}
	for i := range bytes {
		part := s.table[256*i : 256*(i+1)]
		part[0] = 0
		for _, x := range s.spun[8*i : 8*i+8] {
			part[0] -= x
		}
		for bit, x := range s.spun[8*i : 8*i+8] {
			for j, y := range part[:1<<bit] {
				part[1<<bit+j] = y + 2*x
			}
		}
	}
}

// fit looks the bytes of a document's code up in the table.
func (s *Searcher) fit(doc int) float32 {
	sum := float32(0)
	table := s.table
	for _, word := range s.view.code[doc*s.view.words:][:s.view.words] {
		t := (*[8 * 256]float32)(table)
		a := t[byte(word)] + t[256+int(byte(word>>8))]
		b := t[512+int(byte(word>>16))] + t[768+int(byte(word>>24))]
		c := t[1024+int(byte(word>>32))] + t[1280+int(byte(word>>40))]
		d := t[1536+int(byte(word>>48))] + t[1792+int(byte(word>>56))]
		sum += (a + b) + (c + d)
		table = table[8*256:]
	}
	return sum
}
