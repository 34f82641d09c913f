package report

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/mark"
)

func said(value string, confidence float64, reason string) *mark.ReaderValue {
	return &mark.ReaderValue{Value: value, Confidence: confidence, Reason: reason, Review: reason != ""}
}

func TestReaderFigures(t *testing.T) {
	f := newReaderFigures(mark.Batch{
		Readings: []mark.Reading{
			{Kind: mark.KindChoice, Value: "empty", Confidence: 0.2, Reason: mark.ReasonVoid},                                                          // matters to nobody
			{Kind: mark.KindChoice, Value: "crossed", Confidence: 0.999},                                                                               // sure
			{Kind: mark.KindChoice, Value: "empty", Confidence: 0.7, Review: true, Reason: "uncertain"},                                                // waits
			{Kind: mark.KindChoice, Value: "empty", Confidence: 1, Reason: mark.ReasonDecided, Read: said("empty", 0.8, "uncertain")},                  // confirmed
			{Kind: mark.KindChoice, Value: "filled", Confidence: 1, Reason: mark.ReasonDecided, Read: said("crossed", 0.3, "other-mark")},              // changed
			{Kind: mark.KindChoice, Value: "filled", Confidence: 1, Reason: mark.ReasonDecided, Read: said("crossed", 0.9995, "")},                     // a spot check found an error
			{Kind: mark.KindCredit, Value: "2.5", Confidence: 1, Reason: mark.ReasonDecided, Read: said("", 0.5, "none-marked")},                       // filled in
			{Kind: mark.KindCredit, Value: mark.ValueNone, Confidence: 1, Reason: mark.ReasonDecided, Read: said("", 0.5, "uncertain")},                // rightly empty
			{Kind: mark.KindCredit, Value: mark.ValueLost, Confidence: 1, Reason: mark.ReasonDecided},                                                  // never seen
			{Kind: mark.KindSticker, Value: "123", Confidence: 1, Reason: mark.ReasonDecided},                                                          // said by a person alone
			{Kind: mark.KindScore, Value: "7", Confidence: 0.99999, Review: true, Reason: "reviewers-differ", Read: said("7", 0.99999, "sum-differs")}, // contested
		},
		Pages: []mark.Page{{Status: "ok"}, {Status: "foreign", Reason: "no-match"}, {Status: "ok", Reason: "misses:7-8 12"}, {Status: "ok", Reason: "misses:16"}, {Status: "newer"}, {Status: "ok"}, {Status: "ok"}},
	})
	assert.Equal(t, []kindFigures{
		{mark.KindChoice, outcome{n: 6, asked: 3, open: 1, decided: 3, confirmed: 1, changed: 2}},
		{mark.KindCredit, outcome{n: 2, asked: 2, decided: 2, confirmed: 1, filled: 1}},
		{mark.KindScore, outcome{n: 1, asked: 1, open: 1}},
		{mark.KindSticker, outcome{n: 1, asked: 1, decided: 1, filled: 1}},
	}, f.kinds)
	assert.Equal(t, []reasonFigures{
		{mark.KindChoice, "uncertain", outcome{n: 2, asked: 2, open: 1, decided: 1, confirmed: 1}},
		{mark.KindChoice, "other-mark", outcome{n: 1, asked: 1, decided: 1, changed: 1}},
		{mark.KindCredit, "none-marked", outcome{n: 1, asked: 1, decided: 1, filled: 1}},
		{mark.KindCredit, "uncertain", outcome{n: 1, asked: 1, decided: 1, confirmed: 1}},
		{mark.KindScore, "sum-differs", outcome{n: 1, asked: 1, open: 1}},
		{mark.KindSticker, "unread", outcome{n: 1, asked: 1, decided: 1, filled: 1}},
	}, f.reasons)
	assert.Equal(t, []bandFigures{{asked: 1}, {asked: 2}, {}, {}, {unasked: 2}, {asked: 1}}, f.bands, "bands by what the reader said, where it said anything")
	assert.Equal(t, 2, f.unasked)
	assert.InDelta(t, 0.0015, f.expected, 1e-9)
	assert.Equal(t, []pageCount{{"ok", "", 3}, {"ok", "misses", 2}, {"foreign", "no-match", 1}, {"newer", "", 1}}, f.statuses)
	assert.Equal(t, 7, f.pages)
}
