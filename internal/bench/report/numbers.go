package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// whole writes a count with commas between thousands.
func whole(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// rate writes a small share: 0, or two digits and a power of ten.
func rate(p float64) string {
	switch {
	case p == 0:
		return "0"
	case p >= 0.9995:
		return "1"
	case p >= 0.0995:
		return strconv.FormatFloat(p, 'f', 3, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(p, 'e', 1, 64), "e-")
	return strings.TrimSuffix(mantissa, ".0") + "e-" + strings.TrimLeft(exponent, "0")
}

// percent writes a share in per cent, without the sign, with digits that tell.
func percent(p float64) string {
	switch {
	case p == 0:
		return "0"
	case p < 0.1:
		return strconv.FormatFloat(100*p, 'f', 2, 64)
	}
	return strconv.FormatFloat(100*p, 'f', 1, 64)
}

// confidence writes a confidence with digits that tell what is beyond 0.99 apart.
func confidence(c float64) string {
	switch {
	case math.IsInf(c, 1):
		return "above all"
	case c < 0.99:
		return trim(strconv.FormatFloat(c, 'f', 3, 64))
	}
	return trim(strconv.FormatFloat(c, 'f', 7, 64))
}

// trim takes away zeros that say nothing.
func trim(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", whole(n), noun)
}
