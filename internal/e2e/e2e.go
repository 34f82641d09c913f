// Package e2e runs tests in a real browser: Debian's Chromium, driven by playwright-core, with
// axe-core for what a screen reader needs. scripts/install-browser.sh installs all of it.
//
// A test writes down what its script needs to know and starts it; the script imports chromium.mjs
// beside this file, and fails with an exit code.
package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Need skips a test where the browser is not installed. SCAN_NEEDS_BROWSER=1, which make test
// sets, makes that a failure.
func Need(t *testing.T) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("SCAN_NEEDS_BROWSER") != "" {
		missing = t.Fatalf
	}
	for _, program := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			missing("%s is not here; make test installs it", program)
		}
	}
	if _, err := os.Stat("../e2e/node_modules/playwright-core"); err != nil {
		missing("internal/e2e/node_modules is not here; make test installs it")
	}
}

// Run runs a script below the test's own folder, which gets config as a JSON file, and logs what
// it says. SCAN_SHOTS names a folder for the pictures it takes. Two cores that do something else
// as well may take three times as long as a test should: limit is for a script that hangs.
func Run(t *testing.T, script string, config any, limit time.Duration) {
	t.Helper()
	b, err := json.Marshal(config)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "config.json")
	require.NoError(t, os.WriteFile(file, b, 0o600)) // it holds links with their tokens
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	out, err := exec.CommandContext(ctx, "node", script, file).CombinedOutput() //nolint:gosec // the script is the test's own
	t.Logf("%s", out)
	require.NoError(t, err, "%s; what it said stands above", script)
}
