package main

import (
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"scan/pipeline"
)

// reporter is a Progress that also closes the run.
type reporter interface {
	pipeline.Progress
	close()                                   // before anything else is said
	finish(dir string, out *pipeline.Outcome) // the results are written
}

// newReporter chooses how progress is shown: a bar on a terminal, JSON lines, or not.
func newReporter(kind string, say speech) (reporter, error) {
	switch kind {
	case "auto":
		if isTerminal(say.err) {
			return &barReporter{say: say}, nil
		}
		return &quietReporter{say: say}, nil
	case "bar":
		return &barReporter{say: say}, nil
	case "json":
		return &jsonReporter{out: json.NewEncoder(say.out)}, nil
	case "none":
		return &quietReporter{say: say}, nil
	}
	return nil, usagef("--progress is auto, bar, json or none, not %q", kind)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// quietReporter shows nothing but the summary.
type quietReporter struct {
	pipeline.Silent
	say speech
}

func (*quietReporter) close() {}

func (r *quietReporter) finish(dir string, out *pipeline.Outcome) {
	r.say.summary(dir, out, cpuSeconds())
}

// barReporter draws a bar on standard error.
type barReporter struct {
	quietReporter
	bars *mpb.Progress
	bar  *mpb.Bar
	say  speech
}

// Start draws the bar for the pages to be read.
func (r *barReporter) Start(_, toRead int) {
	r.quietReporter.say = r.say
	if toRead == 0 {
		return
	}
	r.bars = mpb.New(mpb.WithOutput(r.say.err), mpb.WithWidth(48))
	r.bar = r.bars.AddBar(int64(toRead),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name("reading "), decor.CountersNoUnit("%d/%d pages")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
}

// Page moves the bar.
func (r *barReporter) Page(pipeline.PageEvent) { r.bar.Increment() }

func (r *barReporter) close() {
	if r.bar == nil {
		return
	}
	r.bar.Abort(true) // does nothing when complete
	r.bars.Wait()
}

// jsonReporter writes one object a line; docs/formats.md describes them.
type jsonReporter struct{ out *json.Encoder }

type startEvent struct {
	Event  string `json:"event"`
	Pages  int    `json:"pages"`
	ToRead int    `json:"to_read"`
}

type pageEvent struct {
	Event    string  `json:"event"`
	Source   string  `json:"source"`
	Page     int     `json:"source_page"`
	Status   string  `json:"status"`
	Reason   string  `json:"reason"`
	FormPage int     `json:"page"`
	Seconds  float64 `json:"seconds"`
}

type noteEvent struct {
	Event string `json:"event"`
	pipeline.Note
}

type summaryEvent struct {
	Event string `json:"event"`
	pipeline.Summary
	PagesPerSecond float64 `json:"pages_per_second"` // pages read, 0 if none was
	CPUSeconds     float64 `json:"cpu_seconds"`
	CPUPerPage     float64 `json:"cpu_seconds_per_page"`
}

// Start writes the start event.
func (r *jsonReporter) Start(pages, toRead int) { r.put(startEvent{"start", pages, toRead}) }

// Page writes a page event.
func (r *jsonReporter) Page(p pipeline.PageEvent) {
	r.put(pageEvent{"page", p.Path, p.Page, p.Status, p.Reason, p.FormPage, p.Seconds})
}

// Done waits for finish: the summary comes when the results are written.
func (r *jsonReporter) Done(pipeline.Summary) {}

func (r *jsonReporter) close() {}

func (r *jsonReporter) finish(_ string, out *pipeline.Outcome) {
	for _, n := range out.Notes {
		r.put(noteEvent{"note", n})
	}
	e := summaryEvent{Event: "summary", Summary: out.Summary, CPUSeconds: cpuSeconds()}
	if n := float64(out.Summary.Read); n > 0 {
		e.PagesPerSecond, e.CPUPerPage = n/e.Seconds, e.CPUSeconds/n
	}
	r.put(e)
}

// put writes a line. Words for a reader that is gone have nowhere else to go.
func (r *jsonReporter) put(event any) { _ = r.out.Encode(event) }

// parsePage splits "scans/batch1.pdf:7" into the path below scans/ and the page; a
// path without a number means page 1.
func parsePage(arg string) (path string, page int, err error) {
	path, page = arg, 1
	if i := strings.LastIndexByte(arg, ':'); i > 0 {
		if n, e := strconv.Atoi(arg[i+1:]); e == nil {
			path, page = arg[:i], n
		}
	}
	if page < 1 {
		return "", 0, usagef("%q: pages count from 1", arg)
	}
	return path, page, nil
}
