package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// hit is a thing that was looked for, in a word: api/item tells the rest.
type hit struct {
	Item       string `json:"item"`
	Kind       string `json:"kind"`
	Of         string `json:"of"`
	Booklet    string `json:"booklet"`
	Code       string `json:"code"`
	Field      string `json:"field"`
	Question   string `json:"question"`
	Source     string `json:"source"`
	SourcePage int    `json:"source_page"`
	Value      string `json:"value"` // what stands; kept back in a spot check
	Open       bool   `json:"open"`
}

// mostHits bounds an answer: who looks for something else types another word.
const mostHits = 30

// find looks for things whatever was said of them: at an inspection somebody shows that the reader was
// sure and wrong. Every word of q begins the booklet's name, its code or registration number, the
// field, or the page as scan explain takes it (batch1.pdf:38); names match nothing. Things that words name
// in full come first.
func (v *view) find(q string) []hit {
	words := strings.Fields(strings.ToLower(q))
	type match struct{ exact, index int }
	var found []match
	for i := range v.all {
		if len(words) == 0 {
			break
		}
		if exact, ok := v.matches(&v.all[i], words); ok {
			found = append(found, match{exact, i})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.exact, a.exact) })
	hits := []hit{}
	for _, m := range found[:min(len(found), mostHits)] {
		hits = append(hits, v.hit(&v.all[m.index]))
	}
	return hits
}

// matches tells whether every word begins something that a thing is known by, and how many are all of it.
func (v *view) matches(t *thing, words []string) (exact int, ok bool) {
	keys := v.knownBy(t)
	for _, w := range words {
		if slices.Contains(keys, w) {
			exact++
		} else if !slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, w) }) {
			return 0, false
		}
	}
	return exact, true
}

// knownBy lists in small letters what a thing is known by. Of a booklet as a whole, which has nothing
// to say unless it waits or was decided, that is nothing otherwise.
func (v *view) knownBy(t *thing) []string {
	if t.booklet != nil && !t.open && len(v.past(t)) == 0 {
		return nil
	}
	var keys []string
	if t.home != nil {
		keys = append(keys, t.home.ID)
		code := v.codeOf(t.home.ID)
		keys = append(keys, code)
		if s, ok := v.roster.ByCode(code); ok {
			keys = append(keys, s.Registration)
		}
	}
	if path, page := t.source(); t.booklet == nil && path != "" {
		keys = append(keys, fmt.Sprintf("%s:%d", path, page))
	}
	keys = append(keys, t.target.Field)
	for i := range keys {
		keys[i] = strings.ToLower(keys[i])
	}
	return slices.DeleteFunc(keys, func(k string) bool { return k == "" })
}

// codeOf is the code on a booklet's sticker, "" if there is none.
func (v *view) codeOf(booklet string) string {
	if s := v.sheets[booklet]; s != nil {
		return s.Code
	}
	return ""
}

func (v *view) hit(t *thing) hit {
	h := hit{Item: t.id, Kind: t.kind, Of: t.of, Field: t.target.Field, Open: t.open}
	if t.home != nil {
		h.Booklet, h.Code = t.home.ID, v.codeOf(t.home.ID)
	}
	h.Source, h.SourcePage = t.source()
	if t.reading != nil {
		if q := v.parts[t.reading.Field].question; q != nil {
			h.Question = q.ID
		}
		if t.kind != kindSpot {
			h.Value = t.reading.Value
		}
	}
	return h
}
