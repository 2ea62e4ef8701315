//go:build goexperiment.simd && amd64

package train

import "simd/archsimd"

// fastest picks the kernels of this machine. They need AVX2 and no more.
func fastest() kernels {
	if !archsimd.X86.AVX2() {
		return plain
	}
	return kernels{
		name: "avx2", tile: vectorTile, add: vectorAdd, expSum: vectorExpSum,
		weigh: vectorWeigh, adagrad: vectorAdagrad,
	}
}

func load(s []float32) archsimd.Float32x8    { return archsimd.LoadFloat32x8Slice(s) }
func broadcast(x float32) archsimd.Float32x8 { return archsimd.BroadcastFloat32x8(x) }

func vectorTile(c []float32, n int, a []float32, depth int, panel []float32) {
	rows := len(a) / depth
	i := 0
	for ; i+4 <= rows; i += 4 {
		fourRows(c[i*n:], n, a[i*depth:(i+4)*depth], depth, panel)
	}
	if i < rows {
		plainTile(c[i*n:], n, a[i*depth:], depth, panel)
	}
	archsimd.ClearAVXUpperBits()
}

func fourRows(c []float32, n int, a []float32, depth int, panel []float32) {
	var s00, s01, s10, s11, s20, s21, s30, s31 archsimd.Float32x8
	a0, a1, a2, a3 := a[:depth], a[depth:2*depth], a[2*depth:3*depth], a[3*depth:4*depth]
	for k := range a0 {
		p := (*[panelWidth]float32)(panel)
		p0, p1 := load(p[:8]), load(p[8:])
		panel = panel[panelWidth:]
		x := broadcast(a0[k])
		s00, s01 = s00.Add(x.Mul(p0)), s01.Add(x.Mul(p1))
		x = broadcast(a1[k])
		s10, s11 = s10.Add(x.Mul(p0)), s11.Add(x.Mul(p1))
		x = broadcast(a2[k])
		s20, s21 = s20.Add(x.Mul(p0)), s21.Add(x.Mul(p1))
		x = broadcast(a3[k])
		s30, s31 = s30.Add(x.Mul(p0)), s31.Add(x.Mul(p1))
	}
	store(c, s00, s01)
	store(c[n:], s10, s11)
	store(c[2*n:], s20, s21)
	store(c[3*n:], s30, s31)
}

func store(c []float32, low, high archsimd.Float32x8) {
	low.StoreSlice(c[:8])
	high.StoreSlice(c[8:16])
}

func vectorAdd(dst, src []float32) {
	for len(dst) >= 8 && len(src) >= 8 {
		load(dst).Add(load(src)).StoreSlice(dst)
		dst, src = dst[8:], src[8:]
	}
	archsimd.ClearAVXUpperBits()
}

func vectorExp(x archsimd.Float32x8) archsimd.Float32x8 {
	shifted := x.Mul(broadcast(log2e)).Add(broadcast(roundOff))
	n := shifted.Sub(broadcast(roundOff))
	r := x.Sub(n.Mul(broadcast(ln2High)))
	r = r.Sub(n.Mul(broadcast(ln2Low)))
	y := broadcast(exp6).Mul(r).Add(broadcast(exp5))
	y = y.Mul(r).Add(broadcast(exp4))
	y = y.Mul(r).Add(broadcast(exp3))
	y = y.Mul(r).Add(broadcast(exp2))
	y = y.Mul(r).Add(broadcast(1))
	y = y.Mul(r).Add(broadcast(1))
	return y.AsInt32x8().Add(shifted.AsInt32x8().ShiftAllLeft(exponent)).AsFloat32x8()
}

func vectorExpSum(x []float32, by float32) (lanes [8]float32) {
	var sum archsimd.Float32x8
	scale := broadcast(by)
	for len(x) >= 8 {
		e := vectorExp(load(x).Mul(scale).Sub(scale))
		e.StoreSlice(x)
		sum = sum.Add(e)
		x = x[8:]
	}
	sum.Store(&lanes)
	archsimd.ClearAVXUpperBits()
	return lanes
}

func vectorWeigh(x []float32, row float32, column []float32) {
	r := broadcast(row)
	for len(x) >= 8 && len(column) >= 8 {
		load(x).Mul(r.Add(load(column))).StoreSlice(x)
		x, column = x[8:], column[8:]
	}
	archsimd.ClearAVXUpperBits()
}

func vectorAdagrad(weight, history, gradient []float32, rate float32) {
	by, tiny := broadcast(rate), broadcast(tinyShare)
	for len(weight) >= 8 && len(history) >= 8 && len(gradient) >= 8 {
		g := load(gradient)
		h := load(history).Add(g.Mul(g))
		h.StoreSlice(history)
		load(weight).Sub(by.Mul(g).Div(h.Add(tiny).Sqrt())).StoreSlice(weight)
		weight, history, gradient = weight[8:], history[8:], gradient[8:]
	}
	archsimd.ClearAVXUpperBits()
}
