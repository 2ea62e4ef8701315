// Package embedding turns text into vectors of unit length, so that texts that mean
// the same lie close together.
//
// Start with [Model]. The built-in one is a static model: a table of one vector for
// each stem, weighted and averaged. A remote one is asked over the network.
//
// Vectors belong to the name of the model that made them and to the text that was embedded.
// Those of a model that has [Model.Terms] are made again whenever they are needed; those of
// another one, which takes money, a network or minutes, are worth keeping by name and text.
package embedding

import "context"

// A Model makes vectors. Its methods may be called by several goroutines.
type Model interface {
	// Name tells models apart: vectors of different names are not compared. A model
	// of one name gives a text the same vector, whenever and wherever it is asked.
	Name() string
	// Dimensions is the length of every vector.
	Dimensions() int
	// Terms is the same model for callers that have the analyzed terms of a text
	// already: to them a vector costs less than the analysis did, and nobody keeps it.
	// It is nil for a model that has to see the text itself, whose vectors are costly.
	Terms() TermModel
	// Documents embeds texts to be found: a title and what follows it.
	Documents(ctx context.Context, texts []Text) ([][]float32, error)
	// Query embeds what somebody asks. The zero vector means that the model knows
	// none of its words.
	Query(ctx context.Context, text string) ([]float32, error)
}

// A TermModel makes vectors of terms as package analysis makes them, so that a text that
// is indexed is not analyzed twice. Its vectors are those of the Model that it belongs to.
type TermModel interface {
	// Dimensions is the length of every vector.
	Dimensions() int
	// Row finds what the model knows of a term; negative when that is nothing.
	Row(term string) int32
	// EmbedRows writes to dst the unit vector of a title and a body by their terms'
	// rows, each as often as it occurs. Negative rows count for nothing. The result is
	// false, and dst zero, when the model knows none.
	EmbedRows(title, body []int32, dst []float32) bool
}

// A Text is a document to embed.
type Text struct{ Title, Body string }
