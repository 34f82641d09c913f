package pipeline

import (
	"cmp"
	"strings"
)

// naturalCompare orders names as people count: scan2 before scan10. Runs of digits
// compare by value, everything else by byte; folders come before what they hold.
func naturalCompare(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		cx, restX := chunk(x)
		cy, restY := chunk(y)
		if c := compareChunks(cx, cy); c != 0 {
			return c
		}
		x, y = restX, restY
	}
	// One is the beginning of the other, or they are equal by value ("07" and "7").
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// chunk splits off the leading digits, or one other byte.
func chunk(s string) (head, rest string) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	n = max(n, 1)
	return s[:n], s[n:]
}

func compareChunks(a, b string) int {
	if isDigit(a[0]) && isDigit(b[0]) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	}
	// A slash sorts before everything, so that a folder's files stay together.
	if a == "/" || b == "/" {
		return cmp.Compare(boolInt(b == "/"), boolInt(a == "/"))
	}
	return strings.Compare(a, b)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
