//go:build !(goexperiment.simd && amd64)

package train

// fastest picks the kernels of this machine: there are only the plain ones.
func fastest() kernels { return plain }
