package exam

import "scan/internal/geom"

// field is a key as exam.yaml would have it.
type field struct {
	key  string
	text string // of a scalar; "" if the key must not stand there
	word bool   // the text needs quotes where YAML wants them
	def  string // what a file means that has no such key
	show bool   // written even if it is def, as scan new does
	keep bool   // left as it is

	box    []string // x, y, width, height
	object []field
	list   []item
	isList bool
}

// item is one of a list. was is its place in the file's list, from 1; 0 if it is new.
type item struct {
	was    int
	fields []field
}

// Origin tells which item of a file each item of an edited exam was, so that it keeps its
// comments though id and boxes have changed.
type Origin struct {
	Problems []Was
	Scores   []Was
}

// Was is the place of an item in its list in the file, from 1, 0 for a new one. Parts are a
// problem's questions, or a question's options or boxes.
type Was struct {
	At    int
	Parts []Was
}

// OriginOf returns the origin of an exam as it stands in its file.
func OriginOf(e *Exam) Origin {
	o := Origin{Problems: inOrder(len(e.Problems)), Scores: inOrder(len(e.Scores))}
	for i, p := range e.Problems {
		o.Problems[i].Parts = inOrder(len(p.Questions))
		for j, q := range p.Questions {
			o.Problems[i].Parts[j].Parts = inOrder(max(len(q.Options), len(q.Boxes)))
		}
	}
	return o
}

func inOrder(n int) []Was {
	all := make([]Was, n)
	for i := range all {
		all[i].At = i + 1
	}
	return all
}

// at returns the origin of item i; what is not told of is new.
func at(was []Was, i int) Was {
	if i < len(was) {
		return was[i]
	}
	return Was{}
}

// editable lists what Edit may change, in the order scan new writes it.
func editable(e *Exam, o Origin) []field {
	keep := func(key string) field { return field{key: key, keep: true} }
	fs := []field{
		keep("version"), keep("id"),
		{key: "title", text: e.Title, word: true},
		keep("form"), keep("pages"),
		stated("credits", e.Credits),
		stickerField(e.Sticker),
		keep("codes"), keep("conventions"), keep("copies"), keep("grades"),
	}
	problems := field{key: "problems", isList: true}
	for i := range e.Problems {
		w := at(o.Problems, i)
		problems.list = append(problems.list, item{w.At, problemFields(&e.Problems[i], w.Parts)})
	}
	scores := field{key: "scores", isList: true}
	for i, s := range e.Scores {
		scores.list = append(scores.list, item{at(o.Scores, i).At, scoreFields(e, s)})
	}
	return append(fs, problems, scores)
}

func stated(key string, credits *float64) field {
	f := field{key: key}
	if credits != nil {
		f.text = FormatNumber(*credits)
	}
	return f
}

func boxField(b geom.Box) field {
	return field{key: "box", box: []string{FormatNumber(b.X), FormatNumber(b.Y), FormatNumber(b.W), FormatNumber(b.H)}}
}

func number(key string, x float64) field { return field{key: key, text: FormatNumber(x)} }

func whole(key string, n int) field { return number(key, float64(n)) }

// optional is a number that has a meaning where it is left out.
func optional(key string, x, def float64) field {
	return field{key: key, text: FormatNumber(x), def: FormatNumber(def)}
}

func stickerField(s *Sticker) field {
	f := field{key: "sticker"}
	if s != nil {
		f.object = []field{whole("page", s.Page), boxField(s.Box)}
	}
	return f
}

func problemFields(p *Problem, was []Was) []field {
	questions := field{key: "questions", isList: true}
	for i := range p.Questions {
		w := at(was, i)
		questions.list = append(questions.list, item{w.At, questionFields(&p.Questions[i], w.Parts)})
	}
	return []field{
		{key: "id", text: p.ID, word: true},
		{key: "title", text: p.Title, word: true},
		stated("credits", p.Credits),
		questions,
	}
}

func questionFields(q *Question, was []Was) []field {
	options, boxes := field{key: "options", isList: true}, field{key: "boxes", isList: true}
	for i, o := range q.Options {
		options.list = append(options.list, item{at(was, i).At, optionFields(o)})
	}
	for i, b := range q.Boxes {
		boxes.list = append(boxes.list, item{at(was, i).At, []field{
			number("credits", b.Credits), boxField(b.Box), optional("corrector", float64(b.Corrector), 1)}})
	}
	rule := field{key: "rule", text: string(q.Rule), def: string(AllOrNothing), show: true}
	wrong, floor := field{key: "wrong"}, field{key: "floor"}
	if q.Rule == PerOption {
		wrong, floor = optional("wrong", q.Wrong, 0), optional("floor", q.Floor, 0)
		wrong.show, floor.show = true, true
	}
	sel := field{key: "select", text: string(q.Select), def: string(SelectAny), show: true}
	return []field{{key: "id", text: q.ID, word: true}, {key: "kind", text: string(q.Kind)}, whole("page", q.Page), number("credits", q.Credits),
		{key: "void", text: string(q.Void)}, rule, wrong, floor, sel, options, boxes}
}

func optionFields(o Option) []field {
	correct := field{key: "correct"}
	if o.Correct != nil {
		correct.text = "false"
		if *o.Correct {
			correct.text = "true"
		}
	}
	void := field{key: "void"}
	if o.Void {
		void.text = "true"
	}
	return []field{{key: "id", text: o.ID, word: true}, boxField(o.Box), correct, void}
}

func scoreFields(e *Exam, s Score) []field {
	most := number("max", s.Max)
	if p := e.Problem(s.Problem); p != nil {
		most.def = FormatNumber(p.questionCredits())
	}
	corrector := optional("corrector", float64(s.Corrector), 1)
	corrector.show = true
	return []field{{key: "id", text: s.ID, word: true}, {key: "problem", text: s.Problem, word: true}, corrector,
		whole("page", s.Page), boxField(s.Box), most, optional("step", s.Step, defaultStep)}
}
