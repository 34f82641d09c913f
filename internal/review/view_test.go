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

// A code that no student has is nothing that a key may answer: the roster has to be searched.
func TestUnknownCodeIsNotOffered(t *testing.T) {
	d := newDesk(t, 2)
	d.doubt("B001", "sticker", "99999999", "not-in-roster", 0.999)
	d.doubt("B002", "sticker", "10000024", "uncertain", 0.6)
	s := serve(t, d)
	items := waiting(t, s, "first")
	unknown, known := named(t, items, "B001", "sticker"), named(t, items, "B002", "sticker")
	assert.Equal(t, "99999999", unknown.Guess, "it is shown all the same")
	assert.Empty(t, unknown.Choices)
	assert.Equal(t, []choice{{Value: "10000024", Guess: true}}, known.Choices)
}
