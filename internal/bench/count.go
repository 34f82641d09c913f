package bench

// Count tells how the fields of one kind in one set were read at one threshold.
// Right + Review + Asked + Misread = Fields.
type Count struct {
	Set, Class, Field string
	Fields            int
	Groups            int // sheets or writers they belong to
	Right             int // a right value, nobody asked
	Review            int // a person is asked for whom there was no need
	Asked             int // a person is asked about an odd field: the right answer
	Misread           int // a wrong value, nobody asked: the worst that can happen
	Odd               int // fields at which a person must look
	OddMisread        int // of the misread ones, how many are odd
	Unread            int // of Review, how many have no value at all
	Wrong             int // fields whose value is not right, were nobody ever asked
	BadGroups         int // groups with a misread field
}

// CountOf counts items at a threshold. Set, Class and Field are those of the first.
func CountOf(items []Item, threshold float64) Count {
	c := Count{Fields: len(items)}
	type group struct{ set, name string }
	groups, bad := map[group]bool{}, map[group]bool{}
	for i := range items {
		it := &items[i]
		if i == 0 {
			c.Set, c.Class, c.Field = it.Set, it.Class, it.Field
		}
		g := group{it.Set, it.Group}
		groups[g] = true
		outcome := it.Outcome(threshold)
		c.add(it, outcome)
		if outcome == Misread {
			bad[g] = true
		}
	}
	c.Groups, c.BadGroups = len(groups), len(bad)
	return c
}

func (c *Count) add(it *Item, outcome Outcome) {
	if it.Odd {
		c.Odd++
	}
	if !it.Accepts(it.Value) {
		c.Wrong++
	}
	switch {
	case outcome == Right:
		c.Right++
	case outcome == Misread:
		c.Misread++
		if it.Odd {
			c.OddMisread++
		}
	case it.Odd:
		c.Asked++
	default:
		c.Review++
		if it.Value == "" {
			c.Unread++
		}
	}
}

// Plain is the number of fields about which nobody need be asked.
func (c Count) Plain() int { return c.Fields - c.Odd }

// Silent is the share of all fields that are silently wrong.
func (c Count) Silent() float64 { return share(c.Misread, c.Fields) }

// SilentBound is its upper bound at Level.
func (c Count) SilentBound() float64 { return Upper(c.Misread, c.Fields) }

// ReviewRate is the share of the plain fields about which a person is asked.
func (c Count) ReviewRate() float64 { return share(c.Review, c.Plain()) }

// ReviewBound is its upper bound at Level.
func (c Count) ReviewBound() float64 { return Upper(c.Review, c.Plain()) }

// share is k/n, 0 for n = 0.
func share(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(k) / float64(n)
}

// Key names what is counted together: never more than one set, never more than one kind
// of field.
type Key struct{ Class, Set, Field string }

// Split parts items by set and kind of field, in the order in which they first occur.
func Split(items []Item) ([]Key, map[Key][]Item) {
	var order []Key
	sizes, parts := map[Key]int{}, map[Key][]Item{}
	for i := range items {
		k := items[i].key()
		if sizes[k]++; sizes[k] == 1 {
			order = append(order, k)
		}
	}
	for k, n := range sizes {
		parts[k] = make([]Item, 0, n)
	}
	for i := range items {
		k := items[i].key()
		parts[k] = append(parts[k], items[i])
	}
	return order, parts
}

func (it *Item) key() Key { return Key{it.Class, it.Set, it.Field} }
