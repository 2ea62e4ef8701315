//go:build goexperiment.simd && amd64

package static

import "simd/archsimd"

// hasAVX2 is asked once: addRow is short.
var hasAVX2 = archsimd.X86.AVX2()

// addRow is plainAddRow eight numbers at a time. It loads sixteen of the row for them,
// so the end is left to the plain one.
func addRow(dst []float32, row []int8, scale float32) {
	if hasAVX2 {
		by := archsimd.BroadcastFloat32x8(scale)
		for len(row) >= 16 && len(dst) >= 8 {
			r := archsimd.LoadInt8x16Slice(row).ExtendLo8ToInt32().ConvertToFloat32()
			archsimd.LoadFloat32x8Slice(dst).Add(by.Mul(r)).StoreSlice(dst)
			dst, row = dst[8:], row[8:]
		}
		archsimd.ClearAVXUpperBits()
	}
	plainAddRow(dst, row, scale)
}
