// Package author makes exam.yaml out of the printed form: it finds the boxes, the questions
// they belong to, what these are worth, the sticker field and the score table.
//
// A form is looked at in three ways, the best one that is there: the form fields of a PDF, its
// vector paths, the pixels of a bitmap. Each gives the same thing, a Sheet per page: squares,
// frames, rules and words. Everything after that knows nothing of where they came from:
//
//	Sheet -> boxes (alone, or stacked to columns) -> questions -> problems -> exam.Exam
//
// What had to be guessed is listed with the draft, never hidden.
package author
