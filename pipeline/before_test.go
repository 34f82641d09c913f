package pipeline

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// keyed is an exam of one box whose key is that option a is correct, or not, worth some credits.
func keyed(correct bool, credits int) string {
	return fmt.Sprintf("version: 1\nid: x\npages: 1\nproblems: [{id: \"1\", questions: [{id: \"1.1\", kind: choice, page: 1, credits: %d, "+
		"options: [{id: a, box: [10, 10, 4, 4], correct: %t}]}]}]\n", credits, correct)
}

func TestCountedBefore(t *testing.T) {
	a, b, c := keyed(true, 1), keyed(false, 1), keyed(false, 2)
	for _, tc := range []struct {
		name string
		now  string
		run  Run
		want []string
	}{
		{"first run", a, Run{}, nil},
		{"the same", a, Run{Exam: a}, nil},
		{"a comment is no other key", a + "# checked", Run{Exam: a}, nil},
		{"another key", b, Run{Exam: a}, []string{a}},
		{"and another", c, Run{Exam: b, Before: []string{a}}, []string{a, b}},
		{"back again", a, Run{Exam: b, Before: []string{a}}, []string{b}},
		{"the next run without a change", b, Run{Exam: b, Before: []string{a}}, []string{a}},
		{"the latest ones", a, Run{Exam: keyed(true, 9), Before: []string{keyed(true, 2), keyed(true, 3), keyed(true, 4), keyed(true, 5)}},
			[]string{keyed(true, 3), keyed(true, 4), keyed(true, 5), keyed(true, 9)}},
		{"another paper", a, Run{Exam: "version: 1\nid: x\npages: 2\nproblems: [{id: \"1\"}]\nscores: [{id: s, problem: \"1\", page: 1, box: [1, 1, 9, 9], max: 5}]"}, nil},
		{"no exam", a, Run{Exam: "?"}, nil},
	} {
		texts, exams := countedBefore([]byte(tc.now), tc.run)
		assert.Equal(t, tc.want, texts, tc.name)
		assert.Len(t, exams, len(tc.want), tc.name)
	}
}
