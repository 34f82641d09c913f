package review

import (
	"slices"
	"sync"
	"time"
)

// claimFor is how long an item counts as looked at after it was handed out, or after whoever has it
// decided something.
const claimFor = 90 * time.Second

// claims tell who looks at what, so that two people do not do the same work. Nothing depends on
// them: decisions that meet are a matter of the ledger.
type claims struct {
	mu  sync.Mutex
	now func() time.Time
	by  map[string]claim // by item
}

type claim struct {
	who   string
	until time.Time
}

func newClaims() *claims { return &claims{now: time.Now, by: map[string]claim{}} }

// choose returns the first things, at most limit, that nobody else looks at, and claims them for
// who. Where others look at all of them it returns the last ones first: the two then meet in the
// middle, and nobody sees an empty queue that is not.
func (c *claims) choose(who string, open []*thing, limit int) []*thing {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for id, cl := range c.by {
		if !now.Before(cl.until) {
			delete(c.by, id)
		}
	}
	var free, taken []*thing
	for _, t := range open {
		if cl, ok := c.by[t.id]; ok && cl.who != who {
			taken = append(taken, t)
			continue
		}
		free = append(free, t)
	}
	if len(free) == 0 {
		slices.Reverse(taken)
		return taken[:min(limit, len(taken))]
	}
	free = free[:min(limit, len(free))]
	if who != "" {
		c.renew(who, free, now)
	}
	return free
}

// renew makes these the only things that who looks at.
func (c *claims) renew(who string, things []*thing, now time.Time) {
	for id, cl := range c.by {
		if cl.who == who {
			delete(c.by, id)
		}
	}
	for _, t := range things {
		c.by[t.id] = claim{who, now.Add(claimFor)}
	}
}

// touch claims one thing more.
func (c *claims) touch(who, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if who != "" {
		c.by[id] = claim{who, c.now().Add(claimFor)}
	}
}

// worked hears that who decided something: those items anybody may answer if they are asked about
// again, and what else who looks at stays claimed for as long as the work goes on.
func (c *claims) worked(who string, decided []statement) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range decided {
		if c.by[st.Item].who == who {
			delete(c.by, st.Item)
		}
	}
	now := c.now()
	for id, cl := range c.by {
		if cl.who == who && now.Before(cl.until) {
			c.by[id] = claim{who, now.Add(claimFor)}
		}
	}
}
