package pipeline

// The reasons this package gives; docs/formats.md explains them, and a test holds the
// two together. Those of the readers and of internal/mark are in their packages.
const (
	// Of pages.
	reasonOutOfOrder   = "out-of-order"
	reasonBackwards    = "fed-backwards"
	reasonParity       = "odd-even-stacks"
	reasonCodeUnread   = "code-unread"
	reasonMisses       = "misses" // followed by ":" and the pages
	reasonSameFile     = "same-file"
	reasonTwice        = "scanned-twice"
	reasonDuplicates   = "duplicates-differ"
	reasonDisagree     = "codes-disagree"
	reasonCodeContent  = "code-content-differ"
	reasonNoCode       = "no-code"
	reasonOtherExam    = "other-exam"
	reasonEnvelope     = "envelope"
	reasonUndecodable  = "undecodable"
	reasonUnopenable   = "unopenable"
	reasonCrashed      = "crashed"
	reasonCover        = "cover-misplaced"
	reasonMissesPages  = "misses-pages" // a note on a booklet
	reasonNotAScan     = "not-a-scan"   // a note on a file
	reasonCodeNoDiffer = "code-number-differ"

	// Of what people decided.
	reasonByHand   = "by-hand"           // a person put the page there; of fields: and nothing was read
	reasonOutdated = "decision-outdated" // what was decided does not hold any more
	reasonDiffer   = "reviewers-differ"
	reasonNoCover  = "no-cover"        // of the sticker of a booklet that has no cover
	reasonUnused   = "decision-unused" // a note: what it is about is gone

	reasonWider = "wider-score"

	// Of questions that stand elsewhere in every copy.
	reasonCopyUnknown   = "copy-unknown"
	reasonCopyNotListed = "copy-not-listed"
	reasonCopyForm      = "copy-form"
	reasonCopyPrint     = "copy-print"
	reasonCopyOpen      = "copy-open"
)
