package mark

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
)

// lines writes an account one step a line.
func lines(account []Line) (out []string) {
	for _, l := range account {
		words := []string{l.Step}
		for _, w := range []string{l.ID, l.Value, l.Key, l.Verdict} {
			if w != "" {
				words = append(words, w)
			}
		}
		line := strings.Join(words, " ")
		if l.Step != StepField && l.Step != StepGrade {
			line += fmt.Sprintf(" %s of %s", text(l.Credits), exam.FormatNumber(l.Worth))
		}
		if l.Formula != "" {
			line += " | " + l.Formula
		}
		out = append(out, line)
	}
	return out
}

func TestAccountOfAPerfectBooklet(t *testing.T) {
	e := endterm()
	e.Grades = &exam.Grades{List: []exam.GradeStep{{From: 0, Grade: "5.0"}, {From: 6.5, Grade: "4.0"}, {From: 12, Grade: "1.0"}}}
	readings, _ := Grade(e, perfect(), Policy{})
	assert.Equal(t, []string{
		"field 1.1.a crossed selected right",
		"field 1.1.b empty not-selected right",
		"question 1.1 2 of 2 | 2 of 2 right: 2",
		"field 1.2.a filled not-selected right",
		"field 1.2.b remarked selected right",
		"field 1.2.c empty not-selected right",
		"question 1.2 2 of 2 | 3 of 3 right: 2",
		"problem 1 4 of 4 | 2 + 2: 4",
		"field 2.1 3 counts",
		"field 2.1/2 empty",
		"question 2.1 3 of 3 | 2.1: 3",
		"field 2.2 1 counts",
		"question 2.2 1 of 1 | 2.2: 1",
		"field P2.I 4 repeats",
		"field P2.II repeats",
		"problem 2 4 of 4 | 3 + 1: 4",
		"field P3.I 5 counts",
		"field P3.II empty",
		"problem 3 5 of 5 | P3.I: 5",
		"total 13 of 13 | 4 + 4 + 5: 13",
		"grade 1.0 | 1.0 from 12",
	}, lines(Account(e, readings)))
}

// A booklet in which everything is out of the way.
func TestAccountOfOddThings(t *testing.T) {
	e := endterm()
	e.Problems[0].Questions[0].Options[1].Void = true
	q := &e.Problems[0].Questions[1]
	q.Rule, q.Wrong, q.Floor = exam.PerOption, -1, -0.5
	e.Problems[1].Questions[1].Void = exam.VoidZero
	in := with(perfect(), "1.1.b", value("crossed"))
	with(in, "1.2.a", value("crossed"))
	with(in, "1.2.b", value("empty"))
	with(in, "2.1/2", value("2.5"))
	with(in, "P3.I", value(ValueLost))
	readings, _ := Grade(e, in[:len(in)-1], Policy{})
	assert.Equal(t, []string{
		"field 1.1.a crossed selected right",
		"field 1.1.b crossed not-selected void",
		"question 1.1 2 of 2 | 2 of 2 right: 2",
		"field 1.2.a crossed not-selected wrong",
		"field 1.2.b empty selected wrong",
		"field 1.2.c empty not-selected right",
		"question 1.2 -0.5 of 2 | 1 right x 2 / 3 + 2 wrong x -1, at least -0.5: -0.5",
		"problem 1 1.5 of 4 | 2 + -0.5: 1.5",
		"field 2.1 3 replaced",
		"field 2.1/2 2.5 counts",
		"question 2.1 2.5 of 3 | 2.1/2: 2.5",
		"field 2.2 void",
		"question 2.2 0 of 0 | 0",
		"field P2.I 4 repeats",
		"field P2.II repeats",
		"problem 2 2.5 of 3 | 2.5 + 0: 2.5",
		"field P3.I lost lost",
		"field P3.II empty",
		"problem 3 0 of 5 | P3.I is lost: 0",
		"total 4 of 12 | 1.5 + 2.5 + 0: 4",
	}, lines(Account(e, readings)))
}

func TestAccountOfWhatIsNotKnown(t *testing.T) {
	e := endterm()
	e.Grades = &exam.Grades{Scheme: exam.GermanThirds, Pass: 5, Best: 12}
	e.Problems[0].Questions[1].Options[0].Correct = nil
	in := with(perfect(), "1.1.b", value(""))
	got := lines(Account(e, with(in, "2.1", value(""))[:len(in)-1]))
	for _, want := range []string{"field 1.1.b not-selected unread", "question 1.1 ? of 2 | b is not known: ?",
		"field 1.2.a filled no-key", "problem 1 ? of 4 | ? + ?: ?", "field 2.1 unread", "question 2.1 ? of 3 | 2.1 is not known: ?",
		"field 2.2 missing", "total ? of 13 | ? + ? + 5: ?"} {
		assert.Contains(t, got, want)
	}
	assert.NotContains(t, got[len(got)-1], "grade", "no total, no grade")
}

// Over exams and readings at random: what the account says is what Score says, each sum is the sum
// of its lines, and each formula ends in the credits of its line.
func TestAccountIsTheScore(t *testing.T) {
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		e := randomExam(rng)
		readings, sheet := Grade(e, randomReadings(rng, e), Policy{})
		var problem, total sum
		for _, l := range Account(e, readings) {
			switch l.Step {
			case StepQuestion:
				require.Equal(t, sheet.Questions[l.ID], l.Credits, "seed %d: question %s", seed, l.ID)
				problem.add(l.Credits)
			case StepProblem:
				require.Equal(t, sheet.Problems[l.ID], l.Credits, "seed %d: problem %s", seed, l.ID)
				if len(e.Problem(l.ID).Questions) > 0 {
					requireSum(t, problem, l, seed)
				}
				require.InDelta(t, e.Worth(l.ID), l.Worth, 0)
				problem = sum{}
				total.add(l.Credits)
			case StepTotal:
				require.Equal(t, sheet.Total, l.Credits, "seed %d", seed)
				requireSum(t, total, l, seed)
			case StepGrade:
				want, _ := e.Grade(*sheet.Total)
				require.Equal(t, want, l.Value)
				continue
			default:
				continue
			}
			require.Equal(t, text(l.Credits), l.Formula[strings.LastIndex(l.Formula, " ")+1:], "seed %d: %s %s: %s", seed, l.Step, l.ID, l.Formula)
		}
	}
}

// requireSum requires a line to be the sum of lines that are rounded to 1e-9.
func requireSum(t *testing.T, parts sum, l Line, seed uint64) {
	t.Helper()
	require.Equal(t, parts.unknown, l.Credits == nil, "seed %d: %s %s", seed, l.Step, l.ID)
	if !parts.unknown {
		require.InDelta(t, parts.value, *l.Credits, 1e-8, "seed %d: %s %s", seed, l.Step, l.ID)
	}
}

func pick[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// randomExam has choice and credit questions under any rule, some void, and problems that only a
// handwritten score is worth.
func randomExam(rng *rand.Rand) *exam.Exam {
	e := &exam.Exam{Pages: 2, Grades: &exam.Grades{Scheme: exam.GermanThirds, Pass: 3, Best: 8}}
	for i := range 1 + rng.IntN(3) {
		p := exam.Problem{ID: strconv.Itoa(i + 1)}
		for j := range rng.IntN(4) {
			q := exam.Question{ID: fmt.Sprintf("%s.%d", p.ID, j+1), Kind: pick(rng, exam.Choice, exam.Credit), Credits: pick(rng, 1.0, 2, 2.5),
				Void: pick(rng, "", "", "", exam.VoidFull, exam.VoidZero)}
			if q.Kind == exam.Credit {
				q.Boxes = columns(q.Credits, 1+rng.IntN(2))
			} else {
				q.Rule, q.Select = pick(rng, exam.AllOrNothing, exam.PerOption), pick(rng, exam.SelectAny, exam.SelectOne)
				if q.Rule == exam.PerOption {
					q.Wrong, q.Floor = pick(rng, 0, -0.5, -1.0/3), pick(rng, 0, -1.0)
				}
				q.Options = options(pick(rng, "+", "+-", "--+", "+--+", "+-?-"))
				q.Options[rng.IntN(len(q.Options))].Void = rng.IntN(4) == 0
			}
			p.Questions = append(p.Questions, q)
		}
		for c := 1; c <= rng.IntN(3) || len(p.Questions) == 0 && c == 1; c++ {
			e.Scores = append(e.Scores, exam.Score{ID: fmt.Sprintf("P%s.%d", p.ID, c), Problem: p.ID, Corrector: c, Max: 5, Step: 0.5})
		}
		e.Problems = append(e.Problems, p)
	}
	return e
}

// randomReadings leaves out a field now and then, and has any value in the others.
func randomReadings(rng *rand.Rand, e *exam.Exam) (all []Reading) {
	for _, p := range e.Problems {
		for i := range p.Questions {
			for _, f := range questionFields(&p.Questions[i]) {
				v := pick(rng, "0", "0.5", "1", "2", "", ValueLost, ValueNone)
				if len(p.Questions[i].Options) > 0 {
					v = pick(rng, "crossed", "crossed", "empty", "empty", "filled", "remarked", "", ValueLost)
				}
				all = append(all, Reading{Field: f, Value: v})
			}
		}
	}
	for _, s := range e.Scores {
		all = append(all, Reading{Field: s.ID, Value: pick(rng, "0", "1.5", "3", "", ValueLost, ValueNone)})
	}
	var out []Reading
	for _, r := range all {
		r.Confidence, r.Reason = math.Round(rng.Float64()*100)/100, pick(rng, "", "", ReasonDecided, ReasonEmpty, "streak")
		if rng.IntN(60) > 0 {
			out = append(out, r)
		}
	}
	return out
}
