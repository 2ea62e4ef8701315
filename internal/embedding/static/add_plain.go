//go:build !(goexperiment.simd && amd64)

package static

func addRow(dst []float32, row []int8, scale float32) { plainAddRow(dst, row, scale) }
