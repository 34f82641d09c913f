package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
)

// complete fills in what a decision does not say, and refuses one that means nothing.
func (s *Session) complete(out *Outcome, d store.Decision) (store.Decision, error) {
	if d.Program == "" {
		d.Program = s.program
	}
	if d.Action == store.ActionWithdraw {
		if len(d.Supersedes) == 0 {
			return d, errors.New("a withdrawal says which decision it takes back")
		}
		return d, nil
	}
	var err error
	switch d.Field {
	case mark.FieldPage:
		err = s.completePage(out, &d)
	case mark.FieldMissing, mark.FieldBooklet:
		err = completeBooklet(out, &d)
	default:
		err = s.completeField(out, &d)
	}
	if d.SourceHash == "" {
		for _, src := range s.Run.Sources {
			if src.Path == d.Source {
				d.SourceHash = src.Hash
			}
		}
	}
	return d, err
}

func (s *Session) completePage(out *Outcome, d *store.Decision) error {
	o, err := parseOrder(d.Value, s.Exam.Pages)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(out.Pages, func(p mark.Page) bool {
		return p.Image == d.Page && (d.Source == "" || p.Source == d.Source && p.SourcePage == d.SourcePage)
	})
	if i < 0 {
		return fmt.Errorf("the batch has no page %d of %s with this image", d.SourcePage, d.Source)
	}
	p := out.Pages[i]
	if (o.verb == mark.PageUse || o.verb == mark.PageKeep) && !inBooklet(p) {
		return fmt.Errorf("%q: page %d of %s lies in no booklet; assign it to one or drop it", d.Value, p.SourcePage, p.Source)
	}
	if o.verb == mark.PageAssign && o.anchor != anchorNew && !strings.HasPrefix(o.anchor, anchorCopy) {
		image, _ := splitAnchor(o.anchor)
		known := slices.ContainsFunc(out.Booklets, func(b mark.Booklet) bool { return b.Anchor == o.anchor }) ||
			slices.ContainsFunc(out.Pages, func(p mark.Page) bool { return p.Image == image && p.Booklet != "" && p.Image != d.Page })
		if !known {
			return fmt.Errorf("%q: the batch has no such booklet", d.Value)
		}
	}
	d.Source, d.SourcePage = p.Source, p.SourcePage
	if d.Old == "" {
		d.Old, d.OldReason = p.Status, p.Reason
	}
	return nil
}

// inBooklet reports whether a page has a place of its own in a booklet, even if another scan counts there.
// One that was dropped may have.
func inBooklet(p mark.Page) bool {
	return p.Status == StatusDropped || p.Booklet != "" && p.Page > 0 && (p.Status == StatusOK || p.Status == StatusDuplicate || p.Status == StatusReview)
}

func completeBooklet(out *Outcome, d *store.Decision) error {
	i := slices.IndexFunc(out.Booklets, func(b mark.Booklet) bool { return b.Anchor == d.Page })
	if i < 0 {
		return fmt.Errorf("the batch has no booklet %s", d.Page)
	}
	b := out.Booklets[i]
	switch {
	case d.Field == mark.FieldMissing && d.Value == mark.MissingWaived:
		if d.Place == "" {
			d.Place = placeOfMissing(b.Missing)
		}
	case d.Field == mark.FieldBooklet && d.Value == mark.BookletOK:
		if d.Place == "" {
			d.Place = placeOfDoubt(b.Doubt, b.Images)
		}
	default:
		return fmt.Errorf("%q is nothing that can be said of booklet %s", d.Value, b.ID)
	}
	if d.Old == "" {
		d.Old = d.Place
	}
	return nil
}

func (s *Session) completeField(out *Outcome, d *store.Decision) (err error) {
	i := slices.IndexFunc(out.Readings, func(r mark.Reading) bool {
		return r.Image == d.Page && r.Field == d.Field && (d.Source == "" || r.Source == d.Source && r.SourcePage == d.SourcePage)
	})
	if i < 0 {
		return fmt.Errorf("no booklet has a field %s on page %d of %s with this image", d.Field, d.SourcePage, d.Source)
	}
	r := out.Readings[i]
	if d.Value, err = mark.Accept(s.Exam, s.Roster, d.Field, d.Value); err != nil {
		return err
	}
	d.Source, d.SourcePage = r.Source, r.SourcePage
	if d.Place == "" {
		if page, boxes, ok := s.settler.examOf(r.Copy).Place(d.Field); ok {
			d.Place = exam.PlaceText(page, boxes)
		}
	}
	if d.Old == "" && d.OldReason == "" {
		d.Old, d.OldReason, d.Confidence = r.Value, r.Reason, r.Confidence
	}
	return nil
}
