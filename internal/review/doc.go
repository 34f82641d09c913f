// Package review serves a page on which people decide what the reader did not: one question at
// a time, with the piece of the scan it is about. What they say goes to the ledger of decisions;
// the batch is then computed anew, and the queue follows it.
//
// The order of things: a batch (mark.Batch) becomes a view: things that can be decided, each with
// an id that never changes, those that wait in working order. Items are how the page gets them.
//
// All requests lie below the secret of the link; the page has the rest from JSON:
//
//	GET  api/state                                    the exam, its conventions, how much is done
//	GET  api/queue?reviewer=&limit=&kind=&from=       what waits, without what others look at now
//	GET  api/item/ID                                  one item, also a decided one
//	GET  api/group?key=&limit=&reviewer=              open items that one look will do for
//	GET  api/students?q=&names=0|1                    the roster; names only where asked for
//	GET  api/find?q=                                  whatever was read, sure or not, by booklet, field or page
//	GET  api/spot?n=                                  starts or widens a sample of sure readings
//	POST api/decide {reviewer, decisions:[{item, value, note, place, seen, mode}]}
//	POST api/undo   {reviewer}                        withdraws her last decision, or last batch
//	GET  picture/ID/close|around|whole?of=&turn=90    JPEG; of tells one from another
//
// Errors are {"error": text}: 404 where the batch has no such item any more, 409 where nothing can
// be undone or what was shown lies elsewhere now, 422 with what is possible where a value is not.
package review
