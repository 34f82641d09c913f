package exam

import "slices"

// Conventions are the paper's printed rules of marking. The zero value is the rule of
// the reference exam.
type Conventions struct {
	Marks Marks // "" is MarksCross
	// Correctors are the inks students must not use: "red", "green". nil is both; an
	// empty list that is not nil lets anybody write in any colour.
	Correctors []string
}

// Marks tells which marks select an option.
type Marks string

// What selects.
const (
	// MarksCross: a cross selects, a complete fill undoes it, a sign beside the filled box
	// selects again.
	MarksCross Marks = "cross"
	// MarksAny: every deliberate mark selects (cross, tick, slash, fill, scribble), and
	// nothing undoes it: check boxes and ballots of other houses.
	MarksAny Marks = "any"
)

// CorrectorColours are the inks that can be told from a student's.
var CorrectorColours = []string{"red", "green"}

// AnyMark reports whether every deliberate mark selects.
func (c Conventions) AnyMark() bool { return c.Marks == MarksAny }

// CorrectorInks lists the inks reserved to correctors.
func (c Conventions) CorrectorInks() []string {
	if c.Correctors == nil {
		return CorrectorColours
	}
	return c.Correctors
}

// line is what the conventions add to the reading hash, "" for the default.
func (c Conventions) line() string {
	if !c.AnyMark() && slices.Equal(c.CorrectorInks(), CorrectorColours) {
		return ""
	}
	line := "conventions " + string(c.Marks)
	for _, ink := range c.CorrectorInks() {
		line += " " + ink
	}
	return line
}

// conventions reads the section of that name.
func (o object) conventions() (c Conventions) {
	f, ok := o.get("conventions")
	if !ok {
		return c
	}
	f.where = "conventions"
	s, ok := f.object("marks", "corrector_inks")
	if !ok {
		return c
	}
	if m, ok := s.get("marks"); ok {
		c.Marks = Marks(m.text())
	}
	if inks, ok := s.get("corrector_inks"); ok {
		c.Correctors = []string{}
		for _, ink := range inks.items() {
			c.Correctors = append(c.Correctors, ink.text())
		}
	}
	return c
}

func (c *checker) conventions() {
	if m := c.exam.Conventions.Marks; m != "" && m != MarksCross && m != MarksAny {
		c.say("conventions.marks", "conventions", "marks is %q; write cross (a cross selects, a fill undoes) or any (every mark selects)", m)
	}
	seen := []string{}
	for _, ink := range c.exam.Conventions.Correctors {
		if !slices.Contains(CorrectorColours, ink) {
			c.say("conventions.corrector_inks", "conventions", "corrector_inks names %q; write [red, green], one of them, or [] where students may use any colour", ink)
		}
		if slices.Contains(seen, ink) {
			c.say("conventions.corrector_inks", "conventions", "corrector_inks names %q twice", ink)
		}
		seen = append(seen, ink)
	}
}
