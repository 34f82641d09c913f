package review

import (
	"cmp"
	"fmt"
	"slices"

	"scan/internal/mark"
)

// pageHelp is what a person needs to say where a page belongs, or which pages will not come.
type pageHelp struct {
	Missing   []int         `json:"missing"` // form pages that its own booklet lacks
	Booklets  []bookletHelp `json:"booklets"`
	FormPages int           `json:"form_pages"`
	PageSize  [2]float64    `json:"page_size"` // mm, width and height
}

// bookletHelp is a booklet that a page may belong to.
type bookletHelp struct {
	Anchor  string `json:"anchor"`
	ID      string `json:"id"`
	Missing []int  `json:"missing"`
}

// mostBooklets bounds the list; the page takes any other booklet by its typed id.
const mostBooklets = 60

// pageHelp lists the booklets a page may belong to: its own, then those beside it in the scan,
// then those that miss pages, then the others.
func (v *view) pageHelp(t *thing) *pageHelp {
	h := &pageHelp{Missing: []int{}, Booklets: []bookletHelp{}, FormPages: v.exam.Pages}
	if t.home != nil {
		h.Missing = append(h.Missing, t.home.Missing...)
	}
	if t.seen != nil {
		h.PageSize = [2]float64{t.seen.WidthMM, t.seen.HeightMM}
	}
	if t.page == nil {
		return h
	}
	near := v.beside(t.page)
	rank := func(b *mark.Booklet) int {
		switch {
		case t.home != nil && b.ID == t.home.ID:
			return 0
		case slices.Contains(near, b.ID):
			return 1
		case len(b.Missing) > 0:
			return 2
		}
		return 3
	}
	all := make([]*mark.Booklet, len(v.batch.Booklets))
	for i := range all {
		all[i] = &v.batch.Booklets[i]
	}
	slices.SortStableFunc(all, func(a, b *mark.Booklet) int { return cmp.Compare(rank(a), rank(b)) })
	for _, b := range all[:min(len(all), mostBooklets)] {
		h.Booklets = append(h.Booklets, bookletHelp{b.Anchor, b.ID, append([]int{}, b.Missing...)})
	}
	return h
}

// beside names the booklets of the nearest placed pages before and behind a page in the scan.
func (v *view) beside(p *mark.Page) (near []string) {
	at := slices.IndexFunc(v.batch.Pages, func(o mark.Page) bool { return o.Source == p.Source && o.SourcePage == p.SourcePage })
	for _, step := range []int{-1, 1} {
		for i := at + step; at >= 0 && i >= 0 && i < len(v.batch.Pages); i += step {
			if o := v.batch.Pages[i]; o.Booklet != "" && o.Status == "ok" {
				near = append(near, o.Booklet)
				break
			}
		}
	}
	return near
}

// guessPlace says where a page probably belongs, "" where that is open: to its own booklet, or else
// the only one beside it that misses a page, as the form page it resembles if that one is missing there.
// Enter accepts it: a page that resembles none, or one that the booklet has, is proposed for nothing.
func (v *view) guessPlace(t *thing) string {
	p, b := t.page, t.home
	if b == nil {
		b = v.lacking(v.beside(p))
	}
	page := cmp.Or(p.Page, p.Guess)
	if b == nil || p.Status == "foreign" || !slices.Contains(b.Missing, page) {
		return ""
	}
	return fmt.Sprintf("%s %s %d %d", mark.PageAssign, b.Anchor, page, p.Rotation)
}

// lacking returns the only one of some booklets that misses a page, nil if none or several do.
func (v *view) lacking(ids []string) (only *mark.Booklet) {
	for _, id := range slices.Compact(ids) {
		switch b := v.booklets[id]; {
		case b == nil || len(b.Missing) == 0:
		case only != nil:
			return nil
		default:
			only = b
		}
	}
	return only
}
