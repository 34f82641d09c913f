package print

import (
	"fmt"
	"math/rand/v2"
)

// numberDigits is the length of a drawn number without its check digit: nine million numbers,
// so that none of a large exam can be guessed from another.
const numberDigits = 7

// CheckDigit is the digit that makes the weighted sum 1,3,1,3,... from the right divisible by
// 10, as in EAN: it finds every single wrong digit. digits holds 0 to 9 only.
func CheckDigit(digits string) byte {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}

// Draw returns n numbers with check digits that are not among used: the same seed gives the
// same numbers, and they tell nothing of the order of names.
func Draw(n int, seed uint64, used []string) []string {
	rng := rand.New(rand.NewPCG(seed, 0x6e756d62657273))
	seen := map[string]bool{}
	for _, u := range used {
		seen[u] = true
	}
	var drawn []string
	for len(drawn) < n {
		digits := fmt.Sprintf("%0*d", numberDigits, 1_000_000+rng.IntN(9_000_000))
		number := digits + string(CheckDigit(digits))
		if !seen[number] {
			seen[number] = true
			drawn = append(drawn, number)
		}
	}
	return drawn
}
