// Command scan turns a stack of scanned paper exams into checked scores.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, ownStderr())) }
