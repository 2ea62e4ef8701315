// Package evaluate measures rankings against what people judged relevant, or what the
// papers of a catalog say of themselves.
//
// Start with [Read], which reads a collection in the layout of BEIR, run each of its
// queries, and give the rankings to [Collection.Measure]. A [Sampler] makes such queries
// out of papers, and a [Baseline] is a plain BM25 and TF-IDF to measure beside.
//
// Callers give a ranking as document names, the best first and each once. Queries
// without a relevant document are left out of all means.
//
// The package runs no searches but those of the baseline.
package evaluate

import "math"

// Measures are means over the queries of a collection, each from 0 to 1.
type Measures struct {
	Queries int     `json:"queries"`
	NDCG10  float64 `json:"ndcg@10"`
	MAP     float64 `json:"map"`
	MRR     float64 `json:"mrr"` // of the first ten
	Recall  float64 `json:"recall@100"`
}

// Measure gives the means of the rankings by query. A query without a ranking
// counts 0.
func (c *Collection) Measure(rankings map[string][]string) Measures {
	var sum Measures
	for _, q := range c.Queries {
		grades := c.Grades[q.ID]
		if !anyRelevant(grades) {
			continue
		}
		ranking := rankings[q.ID]
		sum.Queries++
		sum.NDCG10 += NDCG(ranking, grades, 10)
		sum.MAP += AveragePrecision(ranking, grades)
		sum.MRR += ReciprocalRank(ranking, grades, 10)
		sum.Recall += Recall(ranking, grades, 100)
	}
	if sum.Queries == 0 {
		return sum
	}
	n := float64(sum.Queries)
	return Measures{sum.Queries, sum.NDCG10 / n, sum.MAP / n, sum.MRR / n, sum.Recall / n}
}

// Mean is the mean of a measure over the judged queries. A query without a ranking has an
// empty one.
func (c *Collection) Mean(rankings map[string][]string, measure func(ranking []string, grades map[string]int) float64) float64 {
	sum, n := 0.0, 0
	for _, q := range c.Queries {
		if grades := c.Grades[q.ID]; anyRelevant(grades) {
			sum += measure(rankings[q.ID], grades)
			n++
		}
	}
	return sum / float64(max(1, n))
}

func anyRelevant(grades map[string]int) bool { return relevant(grades) > 0 }

// relevant is how many documents have a grade above 0.
func relevant(grades map[string]int) int {
	n := 0
	for _, grade := range grades {
		if grade > 0 {
			n++
		}
	}
	return n
}

// NDCG is the normalized discounted cumulative gain of the first k: the gain of a
// document is its grade, the discount of rank i is log2(i+1), and the sum is divided
// by that of the best possible ranking, as trec_eval's ndcg_cut has it (Järvelin and
// Kekäläinen, 2002, with linear gain).
func NDCG(ranking []string, grades map[string]int, k int) float64 {
	var gain float64
	for i, id := range ranking[:min(k, len(ranking))] {
		gain += float64(max(0, grades[id])) / discount(i)
	}
	if best := bestGain(grades, k); best > 0 {
		return gain / best
	}
	return 0
}

func discount(i int) float64 { return math.Log2(float64(i + 2)) }

func bestGain(grades map[string]int, k int) float64 {
	var best float64
	for i, grade := range sortedGrades(grades) {
		if i == k || grade <= 0 {
			break
		}
		best += float64(grade) / discount(i)
	}
	return best
}

// AveragePrecision is the mean of the precisions at the ranks of the relevant
// documents; those that are not in the ranking count 0.
func AveragePrecision(ranking []string, grades map[string]int) float64 {
	found, sum := 0, 0.0
	for i, id := range ranking {
		if grades[id] > 0 {
			found++
			sum += float64(found) / float64(i+1)
		}
	}
	if n := relevant(grades); n > 0 {
		return sum / float64(n)
	}
	return 0
}

// ReciprocalRank is one over the rank of the first relevant document among the
// first k, 0 when there is none.
func ReciprocalRank(ranking []string, grades map[string]int, k int) float64 {
	for i, id := range ranking[:min(k, len(ranking))] {
		if grades[id] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// Recall is the share of the relevant documents that is among the first k.
func Recall(ranking []string, grades map[string]int, k int) float64 {
	found := 0
	for _, id := range ranking[:min(k, len(ranking))] {
		if grades[id] > 0 {
			found++
		}
	}
	if n := relevant(grades); n > 0 {
		return float64(found) / float64(n)
	}
	return 0
}
