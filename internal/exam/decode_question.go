package exam

import (
	"slices"
	"strings"
)

// defaultStep is the step of a handwritten score where none is given: half credits.
const defaultStep = 0.5

func (v value) question() (q Question) {
	m, ok := v.object("id", "kind", "page", "credits", "void", "rule", "wrong", "floor", "select", "options", "boxes")
	if !ok {
		return q
	}
	q.ID = m.named("question")
	q.Kind = Kind(m.word("kind", "", string(Choice), string(Credit)))
	q.Page = m.needPage()
	q.Credits = m.needNumber("credits", "2")
	q.Void = m.void()
	switch q.Kind {
	case Choice:
		m.choice(&q)
	case Credit:
		m.credit(&q)
	}
	return q
}

func (o object) choice(q *Question) {
	q.Rule = Rule(o.word("rule", string(AllOrNothing), string(AllOrNothing), string(PerOption)))
	q.Select = Select(o.word("select", string(SelectAny), string(SelectAny), string(SelectOne)))
	o.optNumber("wrong", &q.Wrong)
	o.optNumber("floor", &q.Floor)
	if q.Rule == AllOrNothing {
		o.refuse("only rule: per-option has it", "wrong", "floor")
	}
	o.refuse("a choice question has options", "boxes")
	for _, item := range o.list("options") {
		q.Options = append(q.Options, item.option())
	}
}

func (o object) credit(q *Question) {
	o.refuse("only kind: choice has it", "rule", "wrong", "floor", "select", "options")
	for _, item := range o.list("boxes") {
		q.Boxes = append(q.Boxes, item.creditBox())
	}
}

// refuse reports keys that are known but mean nothing here.
func (o object) refuse(why string, keys ...string) {
	for _, key := range keys {
		if f, ok := o.get(key); ok {
			f.fail(ErrInconsistent, "%s does not belong here: %s; remove it", key, why)
		}
	}
}

// word returns one of the allowed words, def if absent and "" if wrong; without a def
// it is required.
func (o object) word(key, def string, allowed ...string) string {
	f, ok := o.get(key)
	if !ok && def == "" {
		o.need(key, allowed[0])
	}
	if !ok {
		return def
	}
	w := f.text()
	if !slices.Contains(allowed, w) {
		f.fail(ErrInconsistent, "%s: %q is not known; write %s", key, w, strings.Join(allowed, " or "))
		return ""
	}
	return w
}

func (v value) option() (p Option) {
	o, ok := v.object("id", "box", "correct", "void")
	if !ok {
		return p
	}
	p.ID = o.named("option")
	p.Box = o.needBox()
	if f, ok := o.get("correct"); ok {
		b := f.boolean()
		p.Correct = &b
	}
	if f, ok := o.get("void"); ok {
		p.Void = f.boolean()
	}
	return p
}

func (v value) creditBox() (b CreditBox) {
	o, ok := v.object("credits", "box", "corrector")
	if !ok {
		return b
	}
	o.where = within(v.where, "box "+o.position())
	b.Credits = o.needNumber("credits", "0.5")
	b.Box = o.needBox()
	b.Corrector = o.corrector()
	return b
}

func (o object) corrector() int {
	if f, ok := o.get("corrector"); ok {
		return f.integer()
	}
	return 1
}

// score decodes a handwritten number's field; its largest value is the problem's worth
// where none is given.
func (v value) score(e *Exam) (s Score) {
	o, ok := v.object("id", "problem", "corrector", "page", "box", "max", "step")
	if !ok {
		return s
	}
	s.ID = o.named("score")
	if f, ok := o.need("problem", `"1"`); ok {
		s.Problem = f.text()
	}
	s.Corrector = o.corrector()
	s.Page = o.needPage()
	s.Box = o.needBox()
	s.Step = defaultStep
	o.optNumber("step", &s.Step)
	if p := e.Problem(s.Problem); p != nil {
		s.Max = p.questionCredits()
	}
	if f, ok := o.get("max"); ok {
		s.Max = f.number()
	} else if s.Max == 0 {
		o.need("max", "18")
	}
	return s
}
