package pipeline

import (
	"scan/internal/exam"
	"scan/internal/geom"
)

// auditCounting tells how an exam counts.
func auditCounting(e *exam.Exam) AuditCounting {
	c := AuditCounting{Worth: e.Total()}
	for i := range e.Problems {
		c.Problems = append(c.Problems, auditProblem(e, &e.Problems[i]))
	}
	if e.Grades != nil {
		for _, s := range e.Grades.Steps() {
			c.Grades = append(c.Grades, AuditGrade(s))
		}
	}
	return c
}

func auditProblem(e *exam.Exam, p *exam.Problem) AuditProblem {
	t := AuditProblem{ID: p.ID, Worth: e.Worth(p.ID)}
	for i := range p.Questions {
		t.Questions = append(t.Questions, auditQuestion(&p.Questions[i]))
	}
	for _, s := range e.Scores {
		if s.Problem == p.ID {
			t.Scores = append(t.Scores, AuditScore{Field: s.ID, Corrector: s.Corrector, Max: s.Max, Step: s.Step})
		}
	}
	return t
}

func auditQuestion(q *exam.Question) AuditQuestion {
	t := AuditQuestion{ID: q.ID, Kind: string(q.Kind), Credits: q.Credits, Void: string(q.Void), Rule: string(q.Rule), Wrong: q.Wrong, Floor: q.Floor}
	for _, o := range q.Options {
		t.Options = append(t.Options, AuditOption{Field: exam.OptionField(q.ID, o.ID), Correct: o.Correct, Void: o.Void, Box: auditBox(o.Box)})
	}
	for _, b := range q.Boxes {
		t.Cells = append(t.Cells, AuditCell{Field: exam.CreditField(q.ID, b.Corrector), Credits: b.Credits, Box: auditBox(b.Box)})
	}
	return t
}

func auditBox(b geom.Box) [4]float64 { return [4]float64{b.X, b.Y, b.W, b.H} }
