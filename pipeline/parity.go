package pipeline

import (
	"fmt"
	"slices"
)

// Odd and even sides scanned as two stacks
//
// A scanner that takes one side only yields all odd pages of a stack, then all even
// ones: 1 3 5 1 3 5 | 2 4 6 2 4 6, or, with the stack turned over as a whole,
// 1 3 5 1 3 5 | 6 4 2 6 4 2, whose first booklet is the last of the odd ones.

// shortestParityRun is how many pages of one parity in a row make a stack. Three is
// more than lost or turned sheets leave in an ordinary scan.
const shortestParityRun = 3

// parityRuns returns the stacks if the whole batch consists of pairs of them.
func parityRuns(pages []Scanned, own []int, formPages int) (runs [][]int) {
	if formPages < 2*shortestParityRun {
		return nil
	}
	for k, i := range own {
		if k == 0 || (pages[i].FormPage-pages[own[k-1]].FormPage)%2 != 0 {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], i)
	}
	for _, r := range runs {
		if len(r) < shortestParityRun {
			return nil
		}
	}
	if len(runs) == 0 || len(runs)%2 != 0 {
		return nil
	}
	return runs
}

// byParity pairs the booklets of each odd stack with those of its even stack. Where
// their numbers differ a sheet is lost and nobody knows which: all are for review.
func (a *assembler) byParity(runs [][]int) {
	for k := 0; k < len(runs); k += 2 {
		fronts, backs := runs[k], runs[k+1]
		halves, others := a.cut(fronts, a.requiredLike(fronts)), a.cut(backs, a.requiredLike(backs))
		if len(halves) > 0 && len(others) > 0 && halves[0].backwards != others[0].backwards {
			slices.Reverse(others)
		}
		for n := range max(len(halves), len(others)) {
			b := a.newBooklet(fmt.Sprintf("B%03d", len(a.booklets)+1), "")
			b.Reason = reasonParity
			if len(halves) != len(others) {
				b.Doubt = reasonParity
			}
			if n < len(halves) {
				a.fillHalf(b, fronts[halves[n].from:halves[n].to])
			}
			if n < len(others) {
				a.fillHalf(b, backs[others[n].from:others[n].to])
			}
		}
	}
}

func (a *assembler) fillHalf(b *Booklet, pages []int) {
	for _, i := range pages {
		a.join(b, i, reasonParity)
	}
}

// requiredLike returns the required pages of the parity of a stack.
func (a *assembler) requiredLike(stack []int) (same []int) {
	for _, n := range a.required {
		if (n-a.pages[stack[0]].FormPage)%2 == 0 {
			same = append(same, n)
		}
	}
	return same
}
