//go:build goexperiment.simd && amd64

package vector

import "simd/archsimd"

// scan256 is scan4 with vector instructions, where the machine has AVX2.
func (s *Searcher) scan256(from, to int) {
	if !archsimd.X86.AVX2() {
		s.scan4(from, to)
		return
	}
	from = s.scanFours(from, to)
	archsimd.ClearAVXUpperBits()
	s.scan4(from, to)
}

// How many bits the sixteen values of half a byte have, twice, as the shuffle looks up
// in each half of a register.
var halfByteBits = [32]uint8{
	0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
	0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
}

// scanFours scans documents in fours and returns the first it did not come to. The bits
// of a byte are looked up by halves and summed by eight (W. Muła and others, "Faster
// Population Counts Using AVX2 Instructions", 2018); then the distances of four
// documents share one word, sixteen bits each, and are compared with the limit at once.
func (s *Searcher) scanFours(from, to int) int {
	const ones = 0x0001_0001_0001_0001
	const tops = 0x8000_8000_8000_8000
	q := archsimd.LoadUint64x4Slice(s.code)
	table := archsimd.LoadUint8x32(&halfByteBits)
	low := archsimd.BroadcastUint8x32(15)
	var zero archsimd.Uint8x32
	codes := s.view.code[4*from : 4*to]
	// A field's top bit becomes set when its distance is over the limit.
	over := uint64(0x7fff-s.pick.limit) * ones
	for len(codes) >= 16 {
		block := (*[16]uint64)(codes)
		a := countBits(q.Xor(archsimd.LoadUint64x4Slice(block[0:4])).AsUint8x32(), table, low, zero)
		b := countBits(q.Xor(archsimd.LoadUint64x4Slice(block[4:8])).AsUint8x32(), table, low, zero)
		c := countBits(q.Xor(archsimd.LoadUint64x4Slice(block[8:12])).AsUint8x32(), table, low, zero)
		d := countBits(q.Xor(archsimd.LoadUint64x4Slice(block[12:16])).AsUint8x32(), table, low, zero)
		all := a.Or(b.ShiftAllLeft(16)).Or(c.ShiftAllLeft(32).Or(d.ShiftAllLeft(48)))
		half := all.GetLo().Add(all.GetHi())
		four := half.GetElem(0) + half.GetElem(1)
		if (four+over)&tops != tops {
			for i := range 4 {
				s.pick.offer(from+i, int(uint16(four>>(16*i))))
			}
			over = uint64(0x7fff-s.pick.limit) * ones
		}
		codes = codes[16:]
		from += 4
	}
	return from
}

// countBits gives the number of bits in each eight bytes of x.
func countBits(x, table, low, zero archsimd.Uint8x32) archsimd.Uint64x4 {
	high := x.AsUint16x16().ShiftAllRight(4).AsUint8x32().And(low)
	n := table.PermuteOrZeroGrouped(x.And(low).AsInt8x32()).Add(table.PermuteOrZeroGrouped(high.AsInt8x32()))
	return n.SumAbsDiff(zero).AsUint64x4()
}
