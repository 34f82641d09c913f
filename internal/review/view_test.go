package review

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// BenchmarkView is what every decision costs this package, in a batch of 400 booklets of 80 fields
// of which one in fifty waits.
func BenchmarkView(b *testing.B) {
	d := newDesk(&testing.T{}, 5400)
	for i := range d.read.Readings {
		if i%50 == 0 {
			d.read.Readings[i].Review, d.read.Readings[i].Reason = true, "other-mark"
		}
	}
	batch := d.read
	p := newPaper(d.exam, nil)
	before := newView(p, nil, &batch, nil, 0)
	for b.Loop() {
		v := newView(p, before, &batch, nil, 0)
		require.NotEmpty(b, v.open)
		_ = v.counts()
		_, _ = v.since(v.states())
	}
}

func TestPageList(t *testing.T) {
	assert.Equal(t, "1 3-5 7-8 12", pageList([]int{1, 3, 4, 5, 7, 8, 12}))
	assert.Empty(t, pageList(nil))
}
