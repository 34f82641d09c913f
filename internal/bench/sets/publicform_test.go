package sets

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/bench"
	"scan/internal/shareddata"
)

// TestPublicForm reads one booklet of the published form: all its fields come back, none of them
// misread.
func TestPublicForm(t *testing.T) {
	shareddata.Path(t, "forms", publicPDF)
	items, err := readPublic(context.Background(), "default", bench.Options{Data: shareddata.Path(t), Seed: 5, Workers: 2})
	require.NoError(t, err)
	assert.Len(t, items, publicBoxes+publicColumns)
	for _, it := range items {
		if it.Confidence >= 0.99 && it.Reason == "" && !it.Odd {
			assert.Equal(t, it.Truth, it.Value, it.Name)
		}
	}
}
