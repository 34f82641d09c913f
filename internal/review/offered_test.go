package review_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/e2e"
)

// sayWhatIsOffered prints what Enter accepts of some items.
const sayWhatIsOffered = `
import { guessOf, offered } from "./assets/choices.js";
const box = (confidence, kind = "box") => ({ kind, of: "box", guess: "crossed", confidence });
console.log(JSON.stringify([offered(box(0.02)), guessOf(box(0.02)), offered(box(0.6)), offered(box(0.99, "conflict")), offered({ kind: "page", guess: "assign a 1 0", confidence: null }),
  ...[[], [{ value: "1" }]].map((choices) => offered({ kind: "sticker", guess: "1", confidence: 0.999, choices }))]));
`

// What the reader holds for wrong rather than right is shown, but a thoughtless Enter does not make
// it so.
func TestEnterAcceptsNoBadGuess(t *testing.T) {
	e2e.Need(t)
	out, err := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", sayWhatIsOffered).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.JSONEq(t, `["", "crossed", "crossed", "", "assign a 1 0", "", "1"]`, strings.TrimSpace(string(out)))
}
