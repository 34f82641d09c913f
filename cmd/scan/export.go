package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"scan/internal/exam"
	"scan/internal/export"
	"scan/pipeline"
)

// exportOptions are the flags of scan export.
type exportOptions struct {
	all, noBooklets, watermark, decimalComma bool
	columns, separator, lang                 string
}

func exportCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "export DIR", Short: exportShort, Long: exportLong, Args: exactly("the exam folder")}
	f := cmd.Flags()
	o := exportOptions{}
	f.BoolVar(&o.all, "all", false, "also booklets that are not final")
	f.StringVar(&o.columns, "columns", "", "columns of lms.csv, such as \"Matriculation number=registration,Grade=grade\"")
	f.StringVar(&o.separator, "separator", "", "between the columns of lms.csv: one sign, or tab (default: a comma)")
	f.BoolVar(&o.decimalComma, "decimal-comma", false, "write 4,5 in lms.csv, with ; between the columns")
	f.BoolVar(&o.noBooklets, "no-booklets", false, "write no annotated booklets")
	f.BoolVar(&o.watermark, "watermark", false, "write the code across the pages of annotated booklets")
	f.StringVar(&o.lang, "lang", "en", "language of report.html: en or de")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		list, err := listOf(o)
		if err != nil {
			return err
		}
		return runExport(cmd, say, filepath.Clean(args[0]), o, list)
	}
	return cmd
}

// listOf reads how lms.csv is to be written, but for its columns.
func listOf(o exportOptions) (export.List, error) {
	l := export.List{Separator: ',', DecimalComma: o.decimalComma}
	if o.lang != "en" && o.lang != "de" {
		return l, usagef("--lang must be en or de, not %q", o.lang)
	}
	switch sign, size := utf8.DecodeRuneInString(o.separator); {
	case o.separator == "" && o.decimalComma:
		l.Separator = ';'
	case o.separator == "":
	case o.separator == "tab" || o.separator == `\t`:
		l.Separator = '\t'
	case size != len(o.separator) || sign == utf8.RuneError || sign == '"' || sign == '\r' || sign == '\n':
		return l, usagef("--separator must be one sign, such as ; or tab, not %q", o.separator)
	default:
		l.Separator = sign
	}
	if o.decimalComma && l.Separator == ',' {
		return l, usagef("--decimal-comma and the separator , exclude each other; write --separator ';'")
	}
	return l, nil
}

// exporter is an export under way.
type exporter struct {
	cmd     *cobra.Command
	say     speech
	options exportOptions
	dir     string // the exam folder
	session *pipeline.Session
	outcome *pipeline.Outcome
	data    *export.Data
	list    export.List
	began   time.Time
}

// runExport writes everything that an exam folder's results consist of. The scans are opened for
// the annotated booklets alone. The tables come last: an export that was stopped leaves the scores
// as they were, and the next one tells what changed.
func runExport(cmd *cobra.Command, say speech, dir string, o exportOptions, list export.List) error {
	x := &exporter{cmd: cmd, say: say, options: o, dir: dir, list: list, began: time.Now()}
	s, err := pipeline.OpenSession(cmd.Context(), pipeline.Options{Dir: dir, Log: logger(cmd), Program: version()})
	if err != nil {
		return err
	}
	defer s.Close()
	x.session = s
	if err := x.gather(); err != nil {
		return err
	}
	changes, since, err := x.changes()
	if err != nil {
		return err
	}
	var missing bookletsError
	if !o.noBooklets {
		if err := x.booklets(); err != nil && !errors.As(err, &missing) {
			return err
		}
	}
	if err := x.audits(); err != nil {
		return err
	}
	if err := export.Replace(x.results(), x.tables(changes)); err != nil {
		return err
	}
	if err := s.KeepExport(cmd.Context(), x.began, x.outcome.Sheets); err != nil {
		return err
	}
	say.exported(dir, x.data, changes, since, !o.noBooklets && missing.n == 0, x.outcome.Summary)
	switch {
	case missing.n > 0:
		say.noBooklets(dir, missing)
	case o.noBooklets && len(changes) > 0 && x.hasBooklets():
		say.oldBooklets(dir)
	}
	if x.left()+missing.n > 0 || x.outcome.Summary.Waiting() {
		return errReview
	}
	return nil
}

func (x *exporter) results() string { return filepath.Join(x.dir, pipeline.ResultsDir) }

// left counts the booklets that are not exported, or not final.
func (x *exporter) left() (n int) {
	for _, open := range x.data.Open() {
		n += open
	}
	return n
}

// gather collects what exports are written from.
func (x *exporter) gather() (err error) {
	ctx, s := x.cmd.Context(), x.session
	if x.outcome, err = s.Outcome(ctx); err != nil {
		return err
	}
	decisions, err := s.Ledger(ctx)
	if err != nil {
		return err
	}
	hash, err := hashOf(filepath.Join(x.dir, pipeline.ExamFile))
	if err != nil {
		return err
	}
	x.data = &export.Data{Exam: s.Exam, Roster: s.Roster, Batch: x.outcome.Batch, Decisions: decisions, All: x.options.all,
		Program: version(), ExamHash: hash, Threshold: s.Run.Policy.Threshold(), Read: s.Run.Began}
	columns := x.options.columns
	if columns == "" {
		columns = export.DefaultColumns(s.Exam, x.options.all)
	}
	if x.list.Columns, err = export.Columns(columns, s.Exam, s.Roster); err != nil {
		return usageError{err}
	}
	return nil
}

// changes compares with the last run of scan export, or else of scan read.
func (x *exporter) changes() ([]export.Change, time.Time, error) {
	last, at, err := x.session.LastRun(x.cmd.Context())
	if err != nil {
		return nil, at, err
	}
	was := export.Before{Sheets: last.Sheets, At: at}
	if e, err := exam.Parse(pipeline.ExamFile, []byte(last.Exam)); err == nil {
		was.Exam = e // else another version of the program took the file; the reasons are then fewer
	}
	return export.Changes(was, x.data), at, nil
}

// tables lists the files that are replaced together. scores.csv is the last: where it is new, so
// are all others. Where nothing changed, the changes of an earlier export stay: an export with other columns does not
// take away the list of a correction.
func (x *exporter) tables(changes []export.Change) []export.File {
	d, e := x.data, x.data.Exam
	files := wholeTables(&d.Batch)
	if _, err := os.Stat(filepath.Join(x.results(), changesFile)); err != nil || len(changes) > 0 {
		files = append(files, export.File{Name: changesFile, Write: func(w io.Writer) error { return export.WriteChanges(w, changes) }})
	}
	return append(files, []export.File{
		{Name: "scores.xlsx", Write: func(w io.Writer) error { return export.Workbook(w, d) }},
		{Name: "scores.json", Write: func(w io.Writer) error { return export.JSON(w, d) }},
		{Name: "lms.csv", Write: func(w io.Writer) error { return export.LMS(w, d, x.list) }},
		x.report(),
		{Name: "scores.csv", Write: func(w io.Writer) error { return export.Scores(w, e, d.Sheets()) }},
	}...)
}

const changesFile = "changes.csv"

func hashOf(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
