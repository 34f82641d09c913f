package nn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrWeights is returned for a weights file that is not what the program expects.
var ErrWeights = errors.New("malformed weights")

// Pack returns a weights file: the magic, then every part in order as little-endian
// float32. The magic names contents and version, and ends in a newline.
func Pack(magic string, parts ...[]float32) []byte {
	b := []byte(magic)
	for _, p := range parts {
		for _, v := range p {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	return b
}

// Unpack reads what Pack wrote into parts of the same lengths.
func Unpack(b []byte, magic string, parts ...[]float32) error {
	want := len(magic)
	for _, p := range parts {
		want += 4 * len(p)
	}
	if len(b) != want || string(b[:len(magic)]) != magic {
		return fmt.Errorf("%w: %d bytes, want %d beginning with %q; run make weights to make them again", ErrWeights, len(b), want, magic)
	}
	b = b[len(magic):]
	for _, p := range parts {
		for i := range p {
			p[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		b = b[4*len(p):]
	}
	return nil
}
