package static

// addRow adds scale times row to dst; both have the same length. The product is
// rounded before it is added, so that every processor gives the same.
func addRow(dst []float32, row []int8, scale float32) {
	row = row[:len(dst)]
	for len(row) >= 8 && len(dst) >= 8 {
		d, r := (*[8]float32)(dst), (*[8]int8)(row)
		d[0] += float32(scale * float32(r[0]))
		d[1] += float32(scale * float32(r[1]))
		d[2] += float32(scale * float32(r[2]))
		d[3] += float32(scale * float32(r[3]))
		d[4] += float32(scale * float32(r[4]))
		d[5] += float32(scale * float32(r[5]))
		d[6] += float32(scale * float32(r[6]))
		d[7] += float32(scale * float32(r[7]))
		dst, row = dst[8:], row[8:]
	}
	for i, x := range row {
		dst[i] += float32(scale * float32(x))
	}
}
