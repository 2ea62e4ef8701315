package vector

import (
	"errors"
	"math"
)

// appendRow rounds vec, whose largest number is largest, to twelve bits a number and
// appends it as a row.
func appendRow(rows []int8, vec []float32, largest float32) []int8 {
	at, dims := len(rows), len(vec)
	for range RowSize(dims) {
		rows = append(rows, 0)
	}
	row := rows[at:]
	factor := 16 * 127 / float64(largest)
	for i, x := range vec {
		n := int(math.RoundToEven(float64(x) * factor))
		high := (n + 8) >> 4
		row[i] = int8(high)
		half := byte(n - 16*high + 8)
		row[dims+i/2] |= int8(half << (4 * (i & 1)))
	}
	return rows
}

// decode writes the vector of a row to dst.
func decode(dst []float32, row []int8, scale float32) {
	halves := row[len(dst):]
	for i := range dst {
		half := int(byte(halves[i/2]) >> (4 * (i & 1)) & 15)
		dst[i] = float32(16*int(row[i])+half-8) * (scale / 16)
	}
}

// A query is a vector in integers, to be multiplied with rows.
type query struct {
	values []int16
	sum    int32
	unit   float32 // the vector is about values times unit
}

var errNotFinite = errors.New("vector: query with a number that is not finite")

// set rounds vec to as many bits as the sum of its products with a row of int8 leaves
// room for in an int32.
func (q *query) set(vec []float32) error {
	largest := float32(0)
	for _, x := range vec {
		largest = max(largest, x, -x)
	}
	if !(largest <= math.MaxFloat32) {
		return errNotFinite
	}
	limit := float64(min(math.MaxInt16, math.MaxInt32/(128*len(vec))))
	q.values, q.sum, q.unit = q.values[:0], 0, float32(float64(largest)/limit)
	for _, x := range vec {
		y := int16(0)
		if q.unit > 0 {
			y = int16(max(-limit, min(limit, math.RoundToEven(float64(x)/float64(q.unit)))))
		}
		q.values = append(q.values, y)
		q.sum += int32(y)
	}
	return nil
}

// coarse is the dot product with the int8 part of a row, to be multiplied by its scale.
func (q *query) coarse(row []int8) float32 {
	return float32(dot(q.values, row[:len(q.values)])) * q.unit
}

// fine is the dot product with all of a row, to be multiplied by its scale.
func (q *query) fine(row []int8) float32 {
	dims := len(q.values)
	low := int32(0)
	for i, both := range row[dims : dims+dims/2] {
		low += int32(q.values[2*i])*int32(both&15) + int32(q.values[2*i+1])*int32(byte(both)>>4)
	}
	if dims&1 == 1 {
		low += int32(q.values[dims-1]) * int32(row[dims+dims/2]&15)
	}
	high := dot(q.values, row[:dims])
	return float32(16*int64(high)+int64(low)-8*int64(q.sum)) * (q.unit / 16)
}

// dot sums the products of a query and int8s of the same length.
func dot(q []int16, row []int8) int32 {
	q = q[:len(row)]
	var a, b, c, d int32
	for len(row) >= 4 && len(q) >= 4 {
		a += int32(q[0]) * int32(row[0])
		b += int32(q[1]) * int32(row[1])
		c += int32(q[2]) * int32(row[2])
		d += int32(q[3]) * int32(row[3])
		q, row = q[4:], row[4:]
	}
	for i, x := range row {
		a += int32(q[i]) * int32(x)
	}
	return a + b + c + d
}
