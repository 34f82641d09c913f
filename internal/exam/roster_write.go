package exam

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
)

// CSV writes the roster as it was read, its columns in their order; a column code comes first
// where the file had none.
func (r *Roster) CSV() []byte {
	columns := r.Columns
	if !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, "code") }) {
		columns = append([]string{"code"}, columns...)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(columns) // a buffer takes everything
	for _, s := range r.Students {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = s.Cell(c)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.Bytes()
}

// GiveCode gives the i-th student a code that nobody has.
func (r *Roster) GiveCode(i int, code string) {
	r.Students[i].Code = code
	r.byCode[code] = i
}

// Cell returns what stands in a column, in any case; "" if the roster has no such column.
func (s Student) Cell(column string) string {
	switch key := strings.ToLower(column); key {
	case "code":
		return s.Code
	case "registration":
		return s.Registration
	default:
		return s.Other[key]
	}
}

// SameButCodes tells whether two rosters hold the same students in the same order, and no
// student has two different codes.
func (r *Roster) SameButCodes(o *Roster) bool {
	return slices.EqualFunc(r.Students, o.Students, func(a, b Student) bool {
		if a.Registration != b.Registration || a.Code != "" && b.Code != "" && a.Code != b.Code {
			return false
		}
		for key, v := range a.Other {
			if b.Other[key] != v {
				return false
			}
		}
		return len(a.Other) == len(b.Other)
	})
}
