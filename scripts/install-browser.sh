#!/usr/bin/env bash
# Installs what the tests of the two web pages run in: Chromium, Node and two pinned packages.
# Nothing of it is in the program. Says nothing and needs no network where it is there already.
set -euo pipefail
cd "$(dirname "$0")/../internal/e2e"

fail() {
    echo "scripts/install-browser.sh: $*" >&2
    exit 1
}

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [[ ${#missing[@]} -gt 0 ]]; then
    if ! command -v apt-get >/dev/null; then
        echo "scripts/install-browser.sh: this is no Debian; install what corresponds to: ${missing[*]} (the tests in a browser are skipped without)" >&2
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
fi

# npm leaves a copy of the lock file in what it installed: newer than ours means up to date.
if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || fail "npm ci failed in $PWD; see above"
    touch node_modules/.package-lock.json
fi
