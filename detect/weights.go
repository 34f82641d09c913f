package detect

import (
	"crypto/sha256"
	"encoding/hex"
)

// WeightHashes names the weights that boxes are read with: SHA-256 by file below weights/.
func WeightHashes() map[string]string {
	hashes := map[string]string{}
	for name, b := range map[string][]byte{"marks.bin": marksBin, "signs.bin": signsBin} {
		sum := sha256.Sum256(b)
		hashes[name] = hex.EncodeToString(sum[:])
	}
	return hashes
}
