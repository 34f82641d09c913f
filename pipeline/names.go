package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Names and anchors
//
// A booklet has a name for people, and an anchor that decisions about it are kept under. A name is a
// number in the order of the scan and changes with it; the anchor is a page of the booklet.

// named returns the booklet of an anchor, making the one that is asked for as new or as a copy's;
// nil if no booklet holds the page that the anchor is.
func (a *assembler) named(anchor string) *Booklet {
	if anchor == anchorNew {
		return a.newBooklet(a.freeName(), "")
	}
	if name, ok := strings.CutPrefix(anchor, anchorCopy); ok {
		if b := a.copyBooklet(name); b != nil {
			return b
		}
		return a.newBooklet(name, name)
	}
	return a.holder(anchor)
}

func (a *assembler) copyBooklet(name string) *Booklet {
	for _, b := range a.booklets {
		if b.Copy == name {
			return b
		}
	}
	return nil
}

// holder returns the booklet that holds the page of an anchor. Where several do, which is so with
// pages that are equal to the last bit, the anchor counts them: "hash#2".
func (a *assembler) holder(anchor string) *Booklet {
	image, nth := splitAnchor(anchor)
	var holders []*Booklet
	images := a.lieIn()
	for _, b := range a.booklets {
		if slices.Contains(images[b.ID], image) {
			holders = append(holders, b)
		}
	}
	if len(holders) == 0 {
		return nil
	}
	return holders[min(nth, len(holders))-1]
}

// lieIn lists the images of the pages that lie in each booklet, by its name, those that count first.
func (a *assembler) lieIn() map[string][]string {
	images := map[string][]string{}
	for _, b := range a.booklets {
		for _, n := range slices.Sorted(maps.Keys(b.Pages)) {
			images[b.ID] = append(images[b.ID], a.pages[b.Pages[n]].Image)
		}
	}
	for i, p := range a.placed {
		if p.Booklet != "" && !p.Counts && (p.Status == StatusDuplicate || p.Status == StatusReview) {
			images[p.Booklet] = append(images[p.Booklet], a.pages[i].Image)
		}
	}
	return images
}

func splitAnchor(anchor string) (image string, nth int) {
	image, count, _ := strings.Cut(anchor, "#")
	nth, err := strconv.Atoi(count)
	if err != nil || nth < 1 {
		nth = 1
	}
	return image, nth
}

// freeName is the name of one more booklet.
func (a *assembler) freeName() string {
	for n := len(a.booklets) + 1; ; n++ {
		name := fmt.Sprintf("B%03d", n)
		if !slices.ContainsFunc(a.booklets, func(b *Booklet) bool { return b.ID == name }) {
			return name
		}
	}
}

// keepNames gives booklets the names they have without anybody's word: what a person says of one
// booklet must not change the number of another.
func (a *assembler) keepNames(plain Assembly) {
	was := map[int]string{} // by page that counts
	for _, b := range plain.Booklets {
		for _, i := range b.Pages {
			was[i] = b.ID
		}
	}
	names, used := make([]string, len(a.booklets)), map[string]bool{}
	for k, b := range a.booklets {
		if b.Copy != "" {
			names[k] = b.ID
		} else if name := was[a.firstOwn(b)]; name != "" && !used[name] {
			names[k] = name
		}
		used[names[k]] = true
	}
	next := len(plain.Booklets)
	for k := range names {
		for names[k] == "" {
			next++
			if name := fmt.Sprintf("B%03d", next); !used[name] {
				names[k], used[name] = name, true
			}
		}
	}
	renamed := map[string]string{}
	for k, b := range a.booklets {
		renamed[b.ID] = names[k]
		b.ID = names[k]
	}
	for i, p := range a.placed {
		a.placed[i].Booklet = cmp.Or(renamed[p.Booklet], p.Booklet)
	}
	slices.SortStableFunc(a.booklets, func(x, y *Booklet) int { return naturalCompare(x.ID, y.ID) })
}

// firstOwn is the index of the lowest form page that came into a booklet by itself, or else of the
// lowest one; -1 without pages.
func (a *assembler) firstOwn(b *Booklet) int {
	first := -1
	for _, n := range slices.Sorted(maps.Keys(b.Pages)) {
		i := b.Pages[n]
		if !a.placed[i].ByHand {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// anchors names every booklet for decisions about it.
func (a *assembler) anchors() {
	seen := map[string]int{}
	images := a.lieIn()
	for _, b := range a.booklets {
		b.Images = images[b.ID]
		i := a.firstOwn(b)
		switch {
		case b.Copy != "":
			b.Anchor = anchorCopy + b.Copy
		case i >= 0:
			b.Anchor = a.pages[i].Image
			if seen[b.Anchor]++; seen[b.Anchor] > 1 {
				b.Anchor = fmt.Sprintf("%s#%d", b.Anchor, seen[a.pages[i].Image])
			}
		}
	}
}
