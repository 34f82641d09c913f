package raster

// g4 encodes a bilevel plane (below 128 is black) in CCITT Group 4 (ITU-T T.6): per
// row the pass, vertical and horizontal modes against the row above, with run codes
// of ITU-T T.4. It is the tests' only source of fax data.
func g4(p *Plane) []byte {
	w := &bitWriter{}
	ref := make([]bool, p.W)
	cur := make([]bool, p.W)
	for y := range p.H {
		for x, v := range p.Row(y) {
			cur[x] = v < 128
		}
		g4Row(w, ref, cur)
		copy(ref, cur)
	}
	w.put("000000000001000000000001")
	return w.bytes()
}

func g4Row(w *bitWriter, ref, cur []bool) {
	n := len(cur)
	a0, black := -1, false
	for a0 < n {
		a1 := nextChange(cur, a0, black)
		b1 := nextB1(ref, a0, black)
		b2 := b1
		for ; b2 < n && ref[b2] != black; b2++ {
		}
		if b2 < a1 {
			w.put("0001")
			a0 = b2
			continue
		}
		if d := a1 - b1; d >= -3 && d <= 3 {
			w.put(map[int]string{0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}[d])
			a0, black = a1, !black
			continue
		}
		a2 := a1
		for ; a2 < n && cur[a2] != black; a2++ {
		}
		w.put("001")
		w.run(a1-max(a0, 0), black)
		w.run(a2-a1, !black)
		a0 = a2
	}
}

// nextChange returns the first pixel right of a0 that is not of the colour.
func nextChange(row []bool, a0 int, black bool) int {
	for x := max(a0, 0); x < len(row); x++ {
		if row[x] != black {
			return x
		}
	}
	return len(row)
}

// nextB1 returns the first changing element of the reference row right of a0 and of
// the colour opposite to a0's.
func nextB1(ref []bool, a0 int, black bool) int {
	for x := a0 + 1; x < len(ref); x++ {
		before := x > 0 && ref[x-1]
		if ref[x] != black && before == black {
			return x
		}
	}
	return len(ref)
}

type bitWriter struct{ bits []byte }

func (w *bitWriter) put(s string) { w.bits = append(w.bits, s...) }

func (w *bitWriter) bytes() []byte {
	out := make([]byte, (len(w.bits)+7)/8)
	for i, b := range w.bits {
		if b == '1' {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

// run writes a run of fewer than 128 pixels; the test images are no wider.
func (w *bitWriter) run(n int, black bool) {
	codes, makeup := whiteCodes, "11011"
	if black {
		codes, makeup = blackCodes, "0000001111"
	}
	if n >= 64 {
		w.put(makeup)
		n -= 64
	}
	w.put(codes[n])
}

// Terminating codes for runs of 0 to 63 (ITU-T T.4, table 2).
var whiteCodes = []string{"00110101", "000111", "0111", "1000", "1011", "1100", "1110", "1111", "10011", "10100", "00111", "01000",
	"001000", "000011", "110100", "110101", "101010", "101011", "0100111", "0001100", "0001000", "0010111", "0000011", "0000100",
	"0101000", "0101011", "0010011", "0100100", "0011000", "00000010", "00000011", "00011010", "00011011", "00010010", "00010011",
	"00010100", "00010101", "00010110", "00010111", "00101000", "00101001", "00101010", "00101011", "00101100", "00101101",
	"00000100", "00000101", "00001010", "00001011", "01010010", "01010011", "01010100", "01010101", "00100100", "00100101",
	"01011000", "01011001", "01011010", "01011011", "01001010", "01001011", "00110010", "00110011", "00110100"}

var blackCodes = []string{"0000110111", "010", "11", "10", "011", "0011", "0010", "00011", "000101", "000100", "0000100", "0000101",
	"0000111", "00000100", "00000111", "000011000", "0000010111", "0000011000", "0000001000", "00001100111", "00001101000",
	"00001101100", "00000110111", "00000101000", "00000010111", "00000011000", "000011001010", "000011001011", "000011001100",
	"000011001101", "000001101000", "000001101001", "000001101010", "000001101011", "000011010010", "000011010011", "000011010100",
	"000011010101", "000011010110", "000011010111", "000001101100", "000001101101", "000011011010", "000011011011", "000001010100",
	"000001010101", "000001010110", "000001010111", "000001100100", "000001100101", "000001010010", "000001010011", "000000100100",
	"000000110111", "000000111000", "000000100111", "000000101000", "000001011000", "000001011001", "000000101011", "000000101100",
	"000001011010", "000001100110", "000001100111"}
