package ocr

import (
	"crypto/sha256"
	"encoding/hex"
)

// WeightHashes names the weights that handwritten numbers are read with: SHA-256 by file below
// weights/.
func WeightHashes() map[string]string {
	sum := sha256.Sum256(digitWeights)
	return map[string]string{"digits.bin": hex.EncodeToString(sum[:])}
}
