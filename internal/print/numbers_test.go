package print

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheckDigit(t *testing.T) {
	for digits, want := range map[string]byte{
		"4012345":      '5', // the EAN-8 of the standard's example
		"400638133393": '1', // an EAN-13
		"0000000":      '0',
		"1000000":      '7',
	} {
		assert.Equal(t, string(want), string(CheckDigit(digits)), digits)
	}
}

func TestCheckDigitFindsEveryWrongDigit(t *testing.T) {
	number := []byte("4012345")
	right := CheckDigit(string(number))
	for i := range number {
		for d := byte('0'); d <= '9'; d++ {
			wrong := append([]byte(nil), number...)
			if wrong[i] = d; d != number[i] {
				assert.NotEqual(t, right, CheckDigit(string(wrong)), string(wrong))
			}
		}
	}
}

func TestDraw(t *testing.T) {
	drawn := Draw(500, 7, nil)
	assert.Equal(t, drawn, Draw(500, 7, nil), "the same seed, the same numbers")
	assert.NotEqual(t, drawn, Draw(500, 8, nil))
	seen := map[string]bool{}
	for _, n := range drawn {
		assert.Len(t, n, 8)
		assert.Equal(t, n[7], CheckDigit(n[:7]))
		assert.False(t, seen[n], n)
		seen[n] = true
	}
	assert.NotContains(t, Draw(500, 7, drawn[:100]), drawn[0], "a number in use is not given again")
}
