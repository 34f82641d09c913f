package print

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"scan/internal/exam"
)

// People are those a print run is for.
type People struct {
	Roster *exam.Roster // with all codes; nil where nobody is known by name
	Lines  []Attendee   // in the order of the list, the nameless last
	Given  int          // students who got their code now
	Drawn  int          // codes that are new, spares included
}

// PeopleOptions tell how people are listed and numbered.
type PeopleOptions struct {
	Lines    int                // at least so many lines, 0 for one a student
	Order    Order              // of the list
	Seed     uint64             // of numbers
	Stickers bool               // codes are drawn numbers; false: codes are the names of copies
	CopyName func(i int) string // what the i-th copy is called, from 0
	// Kept is the roster that an earlier run left, nil if none; Extra are the codes of the
	// nameless lines then. Both are used again, so that no sticker is void.
	Kept  *exam.Roster
	Extra []string
}

// Gather lists the students of a roster (nil: none is known) and gives codes to those that
// have none.
func Gather(roster *exam.Roster, o PeopleOptions) (People, error) {
	p := People{Roster: roster}
	var used []string
	if roster != nil {
		for i, s := range roster.Students {
			if k, ok := o.Kept.ByRegistration(s.Registration); ok && s.Code == "" && k.Code != "" {
				roster.GiveCode(i, k.Code)
			}
			if code := roster.Students[i].Code; code != "" {
				used = append(used, code)
			}
		}
		p.Lines = attendees(roster)
	}
	if err := checkOrder(p.Lines, o.Order); err != nil {
		return p, err
	}
	known := len(p.Lines)
	for len(p.Lines) < o.Lines {
		a := Attendee{}
		if i := len(p.Lines) - known; i < len(o.Extra) && !slices.Contains(used, o.Extra[i]) {
			a.Code = o.Extra[i]
			used = append(used, a.Code)
		}
		p.Lines = append(p.Lines, a)
	}
	if o.Stickers {
		p.give(Draw(len(p.Lines), o.Seed, used), used)
		Sort(p.Lines, o.Order)
	} else {
		Sort(p.Lines, o.Order)
		p.give(copyNames(o.CopyName, len(p.Lines)), used)
	}
	return p, p.check(o.Stickers)
}

func copyNames(name func(int) string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = name(i)
	}
	return names
}

// give hands codes to the lines without one, and to the roster.
func (p *People) give(codes, used []string) {
	codes = slices.DeleteFunc(codes, func(c string) bool { return slices.Contains(used, c) })
	given := map[string]string{}
	for i := range p.Lines {
		a := &p.Lines[i]
		if a.Code != "" {
			continue
		}
		a.Code, codes = codes[0], codes[1:]
		p.Drawn++
		if a.Registration != "" {
			given[a.Registration] = a.Code
		}
	}
	p.Given = len(given)
	if p.Roster == nil {
		return
	}
	for i, s := range p.Roster.Students {
		if code := given[s.Registration]; code != "" {
			p.Roster.GiveCode(i, code)
		}
	}
}

// check finds codes that two have, and those that no label has room for.
func (p *People) check(stickers bool) error {
	seen := map[string]bool{}
	for _, a := range p.Lines {
		if seen[a.Code] {
			return fmt.Errorf("code %s would be given twice: the roster and that of an earlier run contradict each other; leave out --roster, or correct it", a.Code)
		}
		seen[a.Code] = true
		if stickers && len(a.Code) > MaxNumber {
			return fmt.Errorf("code %s is too long for a label: it has room for %d characters", a.Code, MaxNumber)
		}
	}
	return nil
}

// checkOrder finds an order that nothing is known for.
func checkOrder(lines []Attendee, by Order) error {
	has := func(value func(Attendee) string) bool {
		return len(lines) == 0 || slices.ContainsFunc(lines, func(a Attendee) bool { return value(a) != "" })
	}
	switch {
	case by == ByName && !has(func(a Attendee) string { return a.Name }):
		return errors.New("the roster has no column name to sort by; use --sort registration")
	case by == BySeat && !has(func(a Attendee) string { return a.Seat }):
		return errors.New("the roster has no column seat to sort by; use --sort name or registration")
	}
	return nil
}

// What columns of a roster are called by campus systems.
var (
	nameColumns  = []string{"name", "full name", "fullname", "student"}
	lastColumns  = []string{"last name", "lastname", "last_name", "surname", "family name", "family_name", "nachname", "familienname"}
	firstColumns = []string{"first name", "firstname", "first_name", "given name", "given_name", "vorname"}
	seatColumns  = []string{"seat", "platz", "sitzplatz"}
)

func attendees(roster *exam.Roster) []Attendee {
	lines := make([]Attendee, len(roster.Students))
	for i, s := range roster.Students {
		name := cellOf(s, nameColumns)
		if last := cellOf(s, lastColumns); name == "" || last != "" {
			name = strings.Trim(cmp.Or(last, name)+", "+cellOf(s, firstColumns), ", ")
		}
		lines[i] = Attendee{Registration: s.Registration, Code: s.Code, Name: name, Seat: cellOf(s, seatColumns)}
	}
	return lines
}

// cellOf returns the first of some columns that holds something.
func cellOf(s exam.Student, columns []string) string {
	for _, c := range columns {
		if v := s.Cell(c); v != "" {
			return v
		}
	}
	return ""
}

// KnowsNames tells whether a roster says what anybody is called.
func KnowsNames(roster *exam.Roster) bool {
	return slices.ContainsFunc(attendees(roster), func(a Attendee) bool { return a.Name != "" })
}
