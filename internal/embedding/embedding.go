// Package embedding turns text into vectors of unit length, so that texts that mean
// the same lie close together.
//
// Start with [Model]. The built-in one is a static model: a table of one vector for
// each stem, weighted and averaged.
package embedding

import "context"

// A Model makes vectors. Its methods may be called by several goroutines.
type Model interface {
	// Name tells models apart: vectors of different names are not compared.
	Name() string
	// Dimensions is the length of every vector.
	Dimensions() int
	// Documents embeds texts to be found: a title and what follows it.
	Documents(ctx context.Context, texts []Text) ([][]float32, error)
	// Query embeds what somebody asks. The zero vector means that the model knows
	// none of its words.
	Query(ctx context.Context, text string) ([]float32, error)
}

// A Text is a document to embed.
type Text struct{ Title, Body string }
