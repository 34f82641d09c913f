package detect

import (
	"sync"

	"scan/internal/raster"
)

// PageState is what is known of a page's paper as a whole, found once a page and asked
// for every box.
type PageState struct {
	tone uint8 // paper level of the page, 0..255
}

// LookAtPaper looks at the whole of a registered page: its tone, and what runs over it.
func LookAtPaper(v raster.View, form raster.FormPage) *PageState {
	return &PageState{tone: uint8(measurePageTone(v.Page))}
}

// lazyPaper is a PageState that is found when it is first asked for; safe for
// concurrent use.
type lazyPaper struct {
	once  sync.Once
	state *PageState
}

// lookAtPaper returns the state of the page's paper, found once a registration.
func (r Registered) lookAtPaper(form raster.FormPage) *PageState {
	if r.paper == nil {
		return LookAtPaper(r.View, form)
	}
	r.paper.once.Do(func() { r.paper.state = LookAtPaper(r.View, form) })
	return r.paper.state
}

// newInk subtracts the form from a scan of some area around the box, and takes away what
// is known to be no mark.
func (c *boxCase) newInk(scan, form *raster.Patch) *inkPatch {
	return newInkPatch(scan, form, c.tone, c.box, c.maskRadius())
}
