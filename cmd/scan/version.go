package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand(say speech) *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: exactly(),
		Run: func(*cobra.Command, []string) { say.answer("scan %s", version()) }}
}

// version is what the module was built as: a tag, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v
}
