// Package review serves a page on which people decide what the reader did not: one question at
// a time, with the piece of the scan it is about. What they say goes to the ledger of decisions;
// the batch is then computed anew, and the queue follows it.
//
// The order of things: a batch (mark.Batch) becomes a view: things that can be decided, each with
// an id that never changes, those that wait in working order. Items are how the page gets them.
package review
