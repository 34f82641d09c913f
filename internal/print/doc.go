// Package print makes what goes to a printer before an exam: booklets whose pages carry codes,
// labels with the students' numbers, and the list they sign. It reads no scan. Lengths are mm
// from the top-left corner of the paper.
package print
