package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"scan/internal/exam"
	"scan/internal/export"
	"scan/internal/geom"
	"scan/internal/print"
	"scan/internal/raster"
	"scan/ocr"
	"scan/pipeline"
)

// printDir is where a print run lies in the exam folder.
const printDir = "print"

// printOptions are the flags of scan print.
type printOptions struct {
	roster         string
	copies, first  int
	code, sort     string
	seed           uint64
	seeded         bool
	offset         string
	split, singles bool
	listsOnly      bool
	again          bool
	shift          geom.Point // offset, parsed
}

func printCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "print DIR", Short: printShort, Long: printLong, Args: exactly("the exam folder")}
	o := printOptions{}
	f := cmd.Flags()
	f.StringVar(&o.roster, "roster", "", "CSV of the students, codes or none (default: DIR/roster.csv, if it is there)")
	f.IntVar(&o.copies, "copies", 0, "how many booklets (default: one a student)")
	f.IntVar(&o.first, "first", 1, "number of the first copy")
	f.StringVar(&o.code, "code", "auto", "page codes: qr, datamatrix, or auto: qr where there is room for it")
	f.StringVar(&o.sort, "sort", "", "attendance list and stickers by name, seat or registration (default: name, if there is one)")
	f.Uint64Var(&o.seed, "seed", 0, "draw the same sticker numbers again")
	f.StringVar(&o.offset, "label-offset", "0,0", "x,y in mm: move the labels for a printer that shifts them")
	f.BoolVar(&o.split, "split", false, "one PDF for each copy, too")
	f.BoolVar(&o.singles, "single-sided", false, "no empty page behind an odd number of pages")
	f.BoolVar(&o.listsOnly, "no-booklets", false, "stickers and attendance list only")
	f.BoolVar(&o.again, "again", false, "replace the last print run: destroy its paper")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o.seeded = cmd.Flags().Changed("seed")
		if err := o.check(); err != nil {
			return err
		}
		return printExam(say, filepath.Clean(args[0]), o)
	}
	return cmd
}

func (o *printOptions) check() error {
	switch {
	case o.code != "auto" && !slices.Contains(print.Kinds, print.Kind(o.code)):
		return usagef("--code must be auto, qr or datamatrix, not %q", o.code)
	case !slices.Contains([]string{"", string(print.ByName), string(print.BySeat), string(print.ByRegistration)}, o.sort):
		return usagef("--sort must be name, seat or registration, not %q", o.sort)
	case o.copies < 0 || o.copies > maxCopies:
		return usagef("--copies must be 1 to %d, not %d", maxCopies, o.copies)
	case o.first < 1 || o.first+o.copies > maxCopies:
		return usagef("--first must be 1 or more, and no copy beyond %d, not %d", maxCopies, o.first)
	}
	x, y, ok := strings.Cut(o.offset, ",")
	dx, errX := strconv.ParseFloat(strings.TrimSpace(x), 64)
	dy, errY := strconv.ParseFloat(strings.TrimSpace(y), 64)
	if !ok || errX != nil || errY != nil || max(dx, -dx, dy, -dy) > 10 {
		return usagef("--label-offset must be two lengths of at most 10 mm such as 0.5,-1, not %q", o.offset)
	}
	o.shift = geom.Point{X: dx, Y: dy}
	return nil
}

// maxCopies is what fits into four digits.
const maxCopies = 9999

// printRun is what is printed, found out before anything is written.
type printRun struct {
	dir      string
	kinds    []print.Kind // of codes, to be tried in this order
	exam     *exam.Exam
	booklets print.Booklets // the form, unless copies differ: what all of them have in common
	copies   []string
	people   print.People
	rosterTo []byte // roster.csv as it must become, nil if it is right
	examTo   []byte // exam.yaml likewise
	advise   string // the line exam.yaml lacks and cannot be given
	seed     uint64
}

func printExam(say speech, dir string, o printOptions) error {
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("there is no folder %s; give the exam folder, the one that holds %s", dir, pipeline.ExamFile)
	}
	target := filepath.Join(dir, printDir)
	if _, err := os.Lstat(target); err == nil && !o.again {
		return fmt.Errorf("%s is there already: printed again, its codes would exist twice on paper. Use --again if none of it will be used, or move it away and go on with --first", target)
	}
	r := printRun{dir: dir}
	steps := []func(printOptions) error{r.loadExam, r.gather, r.prepareForm, r.adapt}
	if o.listsOnly {
		steps = steps[:2]
	}
	for _, step := range steps {
		if err := step(o); err != nil {
			return err
		}
	}
	if err := r.write(o); err != nil {
		return err
	}
	say.printed(r, o)
	return nil
}

func (r *printRun) loadExam(o printOptions) (err error) {
	if r.exam, err = exam.Load(filepath.Join(r.dir, pipeline.ExamFile)); err != nil {
		return err
	}
	b := &r.booklets
	b.Duplex, b.Exam = !o.singles, print.ExamCode(r.exam, time.Now())
	if r.kinds = print.Kinds; o.code != "auto" {
		r.kinds = []print.Kind{print.Kind(o.code)}
	}
	if r.exam.Codes != nil {
		b.Offset = r.exam.Codes.PageOffset
	}
	return print.CheckExamCode(b.Exam)
}

// prepareForm makes the form ready; copies that differ are made ready one by one when written.
func (r *printRun) prepareForm(printOptions) (err error) {
	if !r.exam.HasCopies() {
		r.booklets, err = r.prepare(r.exam.Form, r.exam, r.copies[0])
	}
	return err
}

// prepare finds out all about printing a form, and proves it with a copy. e has its boxes.
func (r *printRun) prepare(file string, e *exam.Exam, copyName string) (print.Booklets, error) {
	b := r.booklets
	form := filepath.Join(r.dir, file)
	cache := ""
	if file == r.exam.Form {
		cache = filepath.Join(r.dir, pipeline.ResultsDir, ".cache")
	}
	var err error
	if b.Pages, err = raster.LoadForm(form, cache); err != nil {
		return b, fmt.Errorf("the form that %s names cannot be read: %w", pipeline.ExamFile, err)
	}
	if len(b.Pages) != e.Pages {
		return b, fmt.Errorf("%s has %d pages, but pages is %d in %s; scan check %s tells more", form, len(b.Pages), e.Pages, pipeline.ExamFile, r.dir)
	}
	if b.Form, err = print.FormPDF(form, b.Pages); err != nil {
		return b, fmt.Errorf("%s: %w", form, err)
	}
	if err := carriesCodes(form, b.Pages); err != nil {
		return b, err
	}
	for _, b.Kind = range r.kinds {
		if err = arrange(&b, form, e, copyName); err == nil {
			break
		}
	}
	if err != nil {
		return b, err
	}
	if err := prove(b, copyName); err != nil {
		return b, fmt.Errorf("%s: %w", form, err)
	}
	return b, nil
}

// carriesCodes finds a form whose pages have codes already: a page must not say two things.
func carriesCodes(form string, pages []raster.FormPage) error {
	reader := ocr.NewReader()
	defer reader.Close()
	for i, p := range pages {
		if codes := reader.FindPageCodes(p.View, p.WidthMM, p.HeightMM); len(codes) > 0 {
			return fmt.Errorf("page %d of %s carries a page code already (%s): a second one would contradict it; print the form as it is, or use one without codes. Stickers and list alone: --no-booklets", i+1, form, codes[0].Text)
		}
	}
	return nil
}

// gather reads the roster and gives numbers.
func (r *printRun) gather(o printOptions) error {
	own := filepath.Join(r.dir, pipeline.RosterFile)
	kept, err := exam.LoadDraft(own)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	from := kept
	if o.roster != "" {
		if from, err = exam.LoadDraft(o.roster); err != nil {
			return err
		}
	}
	if err := r.checkCopies(o.copies, from, own); err != nil {
		return err
	}
	spare, err := print.SpareNumbers(filepath.Join(r.dir, printDir, print.NumbersFile))
	if err != nil {
		return err
	}
	if o.seeded {
		spare = nil
	} else if o.seed, err = randomSeed(); err != nil {
		return err
	}
	r.seed = o.seed
	names := func(i int) string { return print.CopyName(o.first + i) }
	if r.exam.HasCopies() {
		o.copies = len(r.exam.Copies)
		names = func(i int) string { return r.exam.Copies[i].ID }
	}
	r.people, err = print.Gather(from, print.PeopleOptions{Lines: o.copies, Order: orderOf(o.sort, from), Seed: o.seed,
		Stickers: r.exam.Sticker != nil, CopyName: names, Kept: kept, Extra: spare})
	if err != nil {
		return err
	}
	for i := range r.people.Lines {
		r.copies = append(r.copies, names(i))
		if err := print.CheckCopyName(names(i)); err != nil {
			return err
		}
	}
	return r.adaptRoster(own, kept)
}

// checkCopies holds the number of copies asked for against exam and roster.
func (r *printRun) checkCopies(copies int, from *exam.Roster, own string) error {
	switch {
	case copies > 0 && r.exam.HasCopies():
		return usagef("--copies is not for an exam whose copies differ: it has %d", len(r.exam.Copies))
	case from == nil && copies == 0 && !r.exam.HasCopies():
		return usagef("scan print needs --roster FILE or --copies N: there is no %s", own)
	case from != nil && copies > 0 && copies < len(from.Students):
		return usagef("--copies is %d, but the roster has %d students", copies, len(from.Students))
	case from != nil && r.exam.HasCopies() && len(r.exam.Copies) < len(from.Students):
		return fmt.Errorf("the roster has %d students, but there are only %d different copies", len(from.Students), len(r.exam.Copies))
	}
	return nil
}

// orderOf is the order asked for; by name where the roster knows names.
func orderOf(sort string, roster *exam.Roster) print.Order {
	if sort != "" {
		return print.Order(sort)
	}
	if roster != nil && print.KnowsNames(roster) {
		return print.ByName
	}
	return print.ByRegistration
}

func randomSeed() (uint64, error) {
	var b [8]byte
	_, err := rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:]), err
}

// adaptRoster finds what the folder's roster must become. Another roster than the one given is
// left alone.
func (r *printRun) adaptRoster(own string, kept *exam.Roster) error {
	roster := r.people.Roster
	if roster == nil {
		return nil
	}
	text := roster.CSV()
	if kept == nil {
		r.rosterTo = text
		return nil
	}
	if !roster.SameButCodes(kept) {
		return fmt.Errorf("%s is another roster than the one given: a student, a column, a code or the order differs; move it away, or leave out --roster", own)
	}
	if slices.ContainsFunc(kept.Students, func(s exam.Student) bool { return s.Code == "" }) {
		r.rosterTo = text
	}
	return nil
}

// arrange finds the places of the codes. All texts of a form have one length.
func arrange(b *print.Booklets, form string, e *exam.Exam, copyName string) error {
	text := print.CodeText(b.Exam, copyName, len(b.Pages)+b.Offset)
	symbol, err := print.PageSymbol(b.Kind, text)
	if err != nil {
		return err
	}
	b.Layout, err = print.Place(b.Pages, e, symbol, text)
	var room *print.NoRoomError
	if errors.As(err, &room) {
		return fmt.Errorf("%s: %w; make its margins wider, or print it without codes: it is read without, too. Stickers and list alone: --no-booklets", form, room)
	}
	return err
}

// prove makes a copy, looks at it and reads its codes before any paper is used.
func prove(b print.Booklets, copyName string) error {
	dir, err := os.MkdirTemp("", "scan-print-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "copy.pdf")
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(b.Write(file, []string{copyName}), file.Close()); err != nil {
		return err
	}
	printed, err := raster.LoadForm(path, "")
	if err != nil {
		return fmt.Errorf("the copy made of it cannot be drawn: %w", err)
	}
	if err := print.Verify(b.Pages, printed, b.Layout); err != nil {
		return err
	}
	return proveCodes(b, printed, copyName)
}

// proveCodes reads the codes of a copy.
func proveCodes(b print.Booklets, printed []raster.FormPage, copyName string) error {
	reader := ocr.NewReader()
	defer reader.Close()
	for i, at := range b.Layout.Pages {
		p := printed[i]
		want := print.CodeText(b.Exam, copyName, i+1+b.Offset)
		codes := reader.FindPageCodes(p.View, p.WidthMM, p.HeightMM)
		wrong := slices.ContainsFunc(codes, func(c ocr.PageCode) bool { return c.Text != want })
		if len(codes) != len(at.Codes) || wrong {
			return fmt.Errorf("page %d: of its %d codes %d can be read; try --code with the other kind of code, and please report it", i+1, len(at.Codes), len(codes))
		}
	}
	return nil
}

// adapt finds what exam.yaml must say of the codes.
func (r *printRun) adapt(printOptions) error {
	if c := r.exam.Codes; c != nil && c.Exam != "" {
		return nil
	}
	source, err := os.ReadFile(filepath.Join(r.dir, pipeline.ExamFile))
	if err != nil {
		return err
	}
	changed, ok := print.AddCodes(source, r.booklets.Exam, r.booklets.Offset)
	if ok {
		r.examTo = changed
	} else {
		r.advise = print.CodesLine(r.booklets.Exam, r.booklets.Offset)
	}
	return nil
}

// write writes everything, the print run last: it is there only if all of it is.
func (r *printRun) write(o printOptions) error {
	folder, err := print.NewFolder(filepath.Join(r.dir, printDir))
	if err != nil {
		return err
	}
	defer folder.Discard()
	if err := r.writeFiles(folder, o); err != nil {
		return err
	}
	if r.examTo != nil {
		if err := export.WriteFile(filepath.Join(r.dir, pipeline.ExamFile), r.examTo); err != nil {
			return err
		}
	}
	if r.rosterTo != nil {
		if err := export.WriteFile(filepath.Join(r.dir, pipeline.RosterFile), r.rosterTo); err != nil {
			return err
		}
	}
	return folder.Commit()
}

func (r *printRun) writeFiles(folder *print.Folder, o printOptions) error {
	if !o.listsOnly {
		if err := r.writeBooklets(folder, o); err != nil {
			return err
		}
	}
	lines, head := r.people.Lines, "Copy"
	if r.exam.Sticker != nil {
		head = "Sticker"
		numbers := make([]string, len(lines))
		for i, a := range lines {
			numbers[i] = a.Code
		}
		if err := folder.Write(print.StickersFile, func(w io.Writer) error { return print.Stickers(w, r.exam.ID, numbers, o.shift) }); err != nil {
			return err
		}
		if err := folder.Write(print.NumbersFile, func(w io.Writer) error { return print.Numbers(w, lines) }); err != nil {
			return err
		}
	}
	title := r.exam.Title
	if title == "" {
		title = r.exam.ID
	}
	list := print.List{Title: title, Exam: r.exam.ID, Lines: lines, CodeHead: head}
	return folder.Write(print.AttendanceFile, list.Write)
}

func (r *printRun) writeBooklets(folder *print.Folder, o printOptions) error {
	record := print.Record{}
	if r.exam.HasCopies() {
		for _, c := range r.exam.Copies {
			if err := r.writeOwn(folder, c, &record); err != nil {
				return err
			}
		}
		return folder.Write(print.CopiesFile, record.Write)
	}
	b := r.booklets
	if err := folder.Write(print.BookletsFile, func(w io.Writer) error { return b.Write(w, r.copies) }); err != nil {
		return err
	}
	for i, name := range r.copies {
		record.Add(b, name, print.BookletsFile, i*b.Sheets()+1)
		if !o.split {
			continue
		}
		if err := folder.Write(print.SplitFile(name), func(w io.Writer) error { return b.Write(w, []string{name}) }); err != nil {
			return err
		}
	}
	return folder.Write(print.CopiesFile, record.Write)
}

// writeOwn writes a copy that has a form of its own.
func (r *printRun) writeOwn(folder *print.Folder, c exam.Copy, record *print.Record) error {
	own, ok := r.exam.ForCopy(c.ID)
	if !ok {
		return fmt.Errorf("copy %s is listed nowhere", c.ID) // it was found in the list
	}
	b, err := r.prepare(c.Form, own, c.ID)
	if err != nil {
		return err
	}
	record.Add(b, c.ID, print.SplitFile(c.ID), 1)
	return folder.Write(print.SplitFile(c.ID), func(w io.Writer) error { return b.Write(w, []string{c.ID}) })
}
