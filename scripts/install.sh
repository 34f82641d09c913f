#!/usr/bin/env bash
# Installs the system libraries that scan is built with. Says nothing and needs no
# network where they are there already.
set -euo pipefail

packages=(
    gcc g++                # cgo: the JPEG and TIFF decoders, and tesseract's C++
    libjpeg62-turbo-dev    # decoding of JPEG scans
    libtiff-dev            # decoding of TIFF scans
    libtesseract-dev       # printed text
    libleptonica-dev       # images for tesseract
    tesseract-ocr-eng      # its English model
    tesseract-ocr-deu      # its German model, for forms
)

fail() {
    echo "scripts/install.sh: $*" >&2
    exit 1
}

if ! command -v go >/dev/null; then
    fail "go is not on the PATH; install the Go version that go.mod names, see https://go.dev/dl"
fi

if ! command -v dpkg-query >/dev/null; then
    echo "scripts/install.sh: this is no Debian; install what corresponds to: ${packages[*]}" >&2
    exit 0
fi

missing=()
for p in "${packages[@]}"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)
    [[ $status == installed ]] || missing+=("$p")
done
if [[ ${#missing[@]} -eq 0 ]]; then
    exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null ||
        fail "missing: ${missing[*]}. Neither root nor sudo is here; ask an administrator for: apt-get install ${missing[*]}"
    as_root=(sudo)
fi

echo "installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq >&2 || fail "apt-get update failed; see above"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get install failed; see above"
