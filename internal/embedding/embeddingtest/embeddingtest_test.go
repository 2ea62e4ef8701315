package embeddingtest_test

import (
	"testing"

	"broadsheet/internal/embedding/embeddingtest"
)

func TestTestModel(t *testing.T) {
	embeddingtest.TestModel(t, embeddingtest.Model{})
	embeddingtest.TestModel(t, embeddingtest.Model{Dims: 192})
}
