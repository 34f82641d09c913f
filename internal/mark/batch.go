package mark

// Batch is a whole batch as it stands, everybody's decisions applied. It is what the review
// page shows and what exports write; nobody changes one that was handed out.
type Batch struct {
	Pages    []Page    // every page of every source, in scan order
	Readings []Reading // by booklet, page, field
	Sheets   []Sheet   // one a booklet, in the order of Booklets
	Booklets []Booklet
}

// Booklet is how pages became one student's.
type Booklet struct {
	ID   string
	Copy string // what the page codes call it, or ""
	// Anchor is what decisions about the booklet as a whole are kept under: "copy:E0101" where
	// codes say the copy, else the image hash of its first page.
	Anchor  string
	Missing []int  // form pages that are not there
	Waived  bool   // a person said that the missing pages will not come
	Reason  string // how it was put together, if not in the plain way
	Doubt   string // why its pages may not be one student's, or ""
	// Images are the hashes of all pages that lie in it, second scans too. Not exported.
	Images []string
}

// Fields of the ledger that are not fields of readings.csv: what is decided about a page and
// about a booklet.
const (
	FieldPage    = "@page"    // of a page: PageAssign..., PageDrop..., PageUse, PageKeep
	FieldMissing = "@missing" // of a booklet: MissingWaived
	FieldBooklet = "@booklet" // of a booklet: BookletOK
)

// Values of decisions about pages and booklets.
const (
	// PageAssign is followed by anchor, form page and clockwise turn in degrees that brings the
	// stored image upright: "assign copy:E0101 7 180". The anchor "new" makes a booklet of its own.
	PageAssign = "assign"
	// PageDrop is followed by one of DropWords: "drop not-ours".
	PageDrop = "drop"
	// PageUse lets this scan of a page count instead of the first one.
	PageUse = "use"
	// PageKeep says that the page is where it belongs, whatever its codes say.
	PageKeep      = "keep"
	MissingWaived = "waived" // the missing pages will not come; what stood on them earns nothing
	BookletOK     = "ok"     // the pages are one student's
)

// DropWords say why a page is left out.
var DropWords = []string{"not-ours", "blank", "second-scan", "unusable"}

// ValueLost is the value of a field on a missing page that was waived. It earns nothing.
const ValueLost = "lost"

// ValueNone is what a person says of a second corrector's column, or of a score that only repeats
// a sum, in which nothing stands: the field stays empty and nobody needs to look again. Where the
// field alone gives the credits it is no answer; a number is.
const ValueNone = "none"
