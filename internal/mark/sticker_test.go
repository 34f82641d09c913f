package mark

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
)

// TestCodesThatStandAlone: a code is believed without its printed number only if a wrong one is
// excluded, by error correction or by the roster, and the number is nobody else's.
func TestCodesThatStandAlone(t *testing.T) {
	roster, err := exam.ParseRoster("roster.csv", []byte("code,registration\n10000007,777\n20000004,778\nab,779\n"))
	require.NoError(t, err)
	for _, tc := range []struct {
		name   string
		in     Reading
		reason string
	}{
		{"no number, strong code", Reading{Value: "10000007", Reason: numberUnreadable, Doubt: -9}, ""},
		{"no number, Code 128, long number in a small roster", Reading{Value: "10000007", Reason: numberUnreadable, Doubt: -2}, ""},
		{"no number, Code 128 of letters", Reading{Value: "ab", Reason: numberUnreadable, Doubt: -2}, numberUnreadable},
		{"no number, not in the roster", Reading{Value: "99999999", Reason: numberUnreadable, Doubt: -9}, numberUnreadable},
		{"other number of nobody", Reading{Value: "10000007", Reason: numberDiffers, Doubt: -9, Printed: "10000001"}, ""},
		{"other number of another student", Reading{Value: "10000007", Reason: numberDiffers, Doubt: -9, Printed: "20000004"}, numberDiffers},
		{"other number, Code 128", Reading{Value: "10000007", Reason: numberDiffers, Doubt: -2, Printed: "10000001"}, numberDiffers},
		{"another doubt stays", Reading{Value: "10000007", Reason: "two-codes", Doubt: -20}, "two-codes"},
	} {
		tc.in.Field = exam.StickerField
		out := CheckStickers([]Reading{tc.in}, roster)
		assert.Equal(t, tc.reason, out[0].Reason, tc.name)
	}
	odd := Reading{Field: exam.StickerField, Value: "1\x1d2"}
	assert.Equal(t, ReasonOddCode, CheckStickers([]Reading{odd}, nil)[0].Reason)
}
