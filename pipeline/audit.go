package pipeline

import (
	"time"

	"scan/internal/geom"
	"scan/internal/mark"
)

// Audit is all that a booklet's score rests on, as results/audit/<booklet>.json has it: enough to
// compute the score again by hand, and to say who or what each value came from. docs/formats.md tells
// what the keys mean. The same batch gives the same bytes.
type Audit struct {
	Format      int             `json:"format"` // of this file: auditFormat
	Booklet     string          `json:"booklet"`
	Copy        string          `json:"copy,omitempty"`
	Anchor      string          `json:"anchor"` // what decisions about the booklet as a whole are kept under
	Waived      bool            `json:"waived,omitempty"`
	Missing     []int           `json:"missing,omitempty"` // form pages that are not there
	PutTogether string          `json:"put_together,omitempty"`
	Doubt       string          `json:"doubt,omitempty"`
	Sheet       AuditSheet      `json:"sheet"`
	Account     []mark.Line     `json:"account"`
	Counting    AuditCounting   `json:"counting"`
	Readings    []AuditReading  `json:"readings"`
	Pages       []AuditPage     `json:"pages"`
	Ledger      []AuditDecision `json:"decisions"`
	Made        AuditMade       `json:"made"`
}

// auditFormat changes when a key changes its meaning or goes.
const auditFormat = 1

// AuditSheet is the booklet's row of scores.csv, with the grade.
type AuditSheet struct {
	Code         string              `json:"code"`
	Registration string              `json:"registration"`
	Status       string              `json:"status"`
	Total        *float64            `json:"total"` // null: not known
	Grade        string              `json:"grade,omitempty"`
	Problems     map[string]*float64 `json:"problems"`
	Questions    map[string]*float64 `json:"questions"`
}

// AuditMade tells what read the booklet and what the reading depends on. Hashes are SHA-256.
type AuditMade struct {
	Program        string            `json:"program"`         // version that read
	ReadingVersion int               `json:"reading_version"` // of the readers
	Weights        map[string]string `json:"weights"`         // of the networks, by file
	CostRatio      float64           `json:"cost_ratio"`      // what an unnoticed misread costs, in reviews
	Threshold      float64           `json:"threshold"`       // confidence below which a person is asked
	Exam           string            `json:"exam"`            // id
	ExamYAML       string            `json:"exam_yaml"`       // the file that the score was computed by
	ExamYAMLRead   string            `json:"exam_yaml_read"`  // the file as it was when the pages were read
	Layout         string            `json:"layout"`          // exam.LayoutHash
	Scoring        string            `json:"scoring"`         // exam.ScoringHash
	Form           string            `json:"form"`
	Copies         string            `json:"copies,omitempty"` // of the copies' forms
	Roster         string            `json:"roster,omitempty"`
}

// AuditPage is a page that lies in the booklet, whether it counts or not.
type AuditPage struct {
	Source       string     `json:"source"` // below scans/
	SourcePage   int        `json:"source_page"`
	SourceSHA256 string     `json:"source_sha256"`
	Image        string     `json:"image"` // hash of the stored image
	Page         int        `json:"page"`  // of the form, 0 if none
	Status       string     `json:"status"`
	Reason       string     `json:"reason,omitempty"`
	Decisions    []string   `json:"decisions,omitempty"`    // about the page
	Registration *AuditLies `json:"registration,omitempty"` // where it is known
	Codes        []string   `json:"codes,omitempty"`        // texts of its page codes
	Detail       string     `json:"detail,omitempty"`
}

// AuditLies tells how a scan lies on the form.
type AuditLies struct {
	FormPage   int             `json:"form_page"`
	Width      int             `json:"width"` // of the image as stored, pixels
	Height     int             `json:"height"`
	Rotation   int             `json:"rotation"` // clockwise quarter turn that brings it upright, degrees
	SkewDeg    float64         `json:"skew_deg"` // what remains
	Scale      float64         `json:"scale"`    // relative to what the file claims
	PxPerMM    float64         `json:"px_per_mm"`
	ResidualMM float64         `json:"residual_mm"` // RMS
	Coverage   float64         `json:"coverage"`    // share of the print that was found, [0,1]
	Margin     float64         `json:"margin"`      // to the second-best form page, [0,1]
	MMToPix    geom.Homography `json:"mm_to_pix"`   // homography, by rows
}

// AuditReading is a row of readings.csv with what it rests on.
type AuditReading struct {
	Field      string        `json:"field"`
	Image      string        `json:"image,omitempty"`
	Kind       string        `json:"kind"`
	Source     string        `json:"source,omitempty"`
	SourcePage int           `json:"source_page,omitempty"`
	Page       int           `json:"page"`
	Value      string        `json:"value"`
	Confidence float64       `json:"confidence"`
	Review     bool          `json:"review"`
	Reason     string        `json:"reason,omitempty"`
	Within     float64       `json:"within,omitempty"`     // see mark.Reading
	Candidates []AuditValue  `json:"candidates,omitempty"` // of a handwritten score, best first
	Reader     *AuditReader  `json:"reader,omitempty"`     // what the reader said, where a person decided
	Decisions  []string      `json:"decisions,omitempty"`  // all about the field, oldest first
	Boxes      []AuditBox    `json:"boxes,omitempty"`      // one of a choice box, all cells of a column
	Marked     *int          `json:"marked,omitempty"`     // of a column: the crossed cell, from 0; -1 none or several
	Written    string        `json:"written,omitempty"`    // of a score: the glyphs as seen
	Sticker    *AuditSticker `json:"sticker,omitempty"`
}

// AuditValue is a value that a score may have.
type AuditValue struct {
	Value float64 `json:"value"`
	P     float64 `json:"p"`
}

// AuditReader is what the reader said.
type AuditReader struct {
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"`
	Reason     string  `json:"reason,omitempty"`
	Review     bool    `json:"review"`
}

// AuditSticker is what was read in the sticker field.
type AuditSticker struct {
	Code      string  `json:"code"`
	Symbology string  `json:"symbology,omitempty"`
	Printed   string  `json:"printed,omitempty"`
	Doubt     float64 `json:"doubt,omitempty"` // decadic logarithm of the chance that nonsense passes
}

// AuditBox is what was seen in one box.
type AuditBox struct {
	State      string             `json:"state"`
	Kind       string             `json:"kind"`
	Confidence float64            `json:"confidence"`
	P          map[string]float64 `json:"p"` // by state
	Reason     string             `json:"reason,omitempty"`
	Box        [4]float64         `json:"box"` // mm, after the fit to its own frame
	FitMM      float64            `json:"fit_mm"`
	Features   map[string]float64 `json:"features"`
}

// AuditDecision is a row of the ledger. State is one of the Audit... words.
type AuditDecision struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Who        string    `json:"who"`
	Action     string    `json:"action"`
	Mode       string    `json:"mode"`
	About      string    `json:"about"` // image hash or anchor
	Field      string    `json:"field"`
	Value      string    `json:"value"`
	Note       string    `json:"note,omitempty"`
	State      string    `json:"state"`
	Old        string    `json:"old"`
	OldReason  string    `json:"old_reason,omitempty"`
	Confidence float64   `json:"confidence"`
	Supersedes []string  `json:"supersedes,omitempty"`
	Place      string    `json:"place,omitempty"`
	Source     string    `json:"source,omitempty"`
	SourcePage int       `json:"source_page,omitempty"`
	Program    string    `json:"program,omitempty"`
}

// AuditCounting is how this exam counts: keys, rules, credits and voids as they are now.
type AuditCounting struct {
	Worth    float64        `json:"worth"` // of the whole exam
	Problems []AuditProblem `json:"problems"`
	Grades   []AuditGrade   `json:"grades,omitempty"` // lowest first
}

// AuditProblem is a problem with its questions, or with the scores that alone give its credits.
type AuditProblem struct {
	ID        string          `json:"id"`
	Worth     float64         `json:"worth"`
	Questions []AuditQuestion `json:"questions,omitempty"`
	Scores    []AuditScore    `json:"scores,omitempty"`
}

// AuditQuestion is how a question counts.
type AuditQuestion struct {
	ID      string        `json:"id"`
	Kind    string        `json:"kind"`
	Credits float64       `json:"credits"` // as printed
	Void    string        `json:"void,omitempty"`
	Rule    string        `json:"rule,omitempty"`
	Wrong   float64       `json:"wrong,omitempty"`
	Floor   float64       `json:"floor,omitempty"`
	Options []AuditOption `json:"options,omitempty"`
	Cells   []AuditCell   `json:"cells,omitempty"`
}

// AuditOption is an option and its key, null where that is not known.
type AuditOption struct {
	Field   string     `json:"field"`
	Correct *bool      `json:"correct"`
	Void    bool       `json:"void,omitempty"`
	Box     [4]float64 `json:"box"` // mm on the form of this booklet's copy
}

// AuditCell is a cell of a credit column.
type AuditCell struct {
	Field   string     `json:"field"`
	Credits float64    `json:"credits"`
	Box     [4]float64 `json:"box"`
}

// AuditScore is a field for a handwritten number.
type AuditScore struct {
	Field     string  `json:"field"`
	Corrector int     `json:"corrector"`
	Max       float64 `json:"max"`
	Step      float64 `json:"step"`
}

// AuditGrade is the least total of a grade; the lowest is also given for less.
type AuditGrade struct {
	From  float64 `json:"from"`
	Grade string  `json:"grade"`
}
