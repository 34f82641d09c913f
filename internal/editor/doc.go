// Package editor serves a page on which a person sees the boxes of an exam on its printed form
// and changes them, with mouse or keyboard. It writes exam.yaml and keeps its comments.
package editor
