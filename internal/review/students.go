package review

import (
	"slices"
	"strings"

	"scan/internal/exam"
)

// student is a row of the roster as the page gets it; Name only where it was asked for.
type student struct {
	Code         string `json:"code"`
	Registration string `json:"registration"`
	Name         string `json:"name,omitempty"`
	Taken        string `json:"taken"` // the booklet that has this code
}

// mostStudents bounds an answer: who finds more types another letter.
const mostStudents = 20

// students searches codes, registration numbers and names for every word of q. Whose code or
// number begins with it comes first, then those without a booklet.
func (v *view) students(q string, names bool) []student {
	found := []student{}
	if v.roster == nil {
		return found
	}
	taken := map[string]string{}
	for _, r := range v.batch.Readings {
		if r.Field == exam.StickerField && r.Value != "" {
			taken[r.Value] = r.Booklet
		}
	}
	q = strings.ToLower(strings.TrimSpace(q))
	ranks := map[string]int{}
	for _, s := range v.roster.Students {
		name := nameOf(s)
		if !matches(strings.ToLower(s.Code+" "+s.Registration+" "+name), q) {
			continue
		}
		if !names {
			name = ""
		}
		ranks[s.Code] = rank(s, q, taken[s.Code])
		found = append(found, student{s.Code, s.Registration, name, taken[s.Code]})
	}
	slices.SortStableFunc(found, func(a, b student) int { return ranks[a.Code] - ranks[b.Code] })
	return found[:min(len(found), mostStudents)]
}

func matches(text, q string) bool {
	for _, word := range strings.Fields(q) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func rank(s exam.Student, q, taken string) int {
	r := 0
	if q == "" || !strings.HasPrefix(strings.ToLower(s.Code), q) && !strings.HasPrefix(strings.ToLower(s.Registration), q) {
		r = 2
	}
	if taken != "" {
		r++
	}
	return r
}

// nameColumns are the headers of names, as scan print takes them.
var nameColumns = [][]string{{"first name", "vorname"}, {"last name", "nachname"}}

// nameOf returns a student's name out of the roster's further columns, "" if there is none.
func nameOf(s exam.Student) string {
	if name := s.Other["name"]; name != "" {
		return name
	}
	var parts []string
	for _, headers := range nameColumns {
		for _, h := range headers {
			if s.Other[h] != "" {
				parts = append(parts, s.Other[h])
			}
		}
	}
	return strings.Join(parts, " ")
}
