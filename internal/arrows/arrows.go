// Package arrows keeps the direction in which packages import each other. Its test
// parses the sources; ARCHITECTURE.md tells the same in prose.
package arrows
