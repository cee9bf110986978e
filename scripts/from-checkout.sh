#!/usr/bin/env bash
# Runs winnow from the checkout that this file lies in, for CI: what runs is the code of that revision, built on first use with the
# dependencies of its lock file, and no published package. In: winnow's arguments. Out: as winnow.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if [ ! -f "$root/dist/cli.js" ]; then
  # stdout is for results.
  (cd "$root" && npm ci --include=dev --ignore-scripts --no-audit --no-fund && npm run --silent build) >&2
fi
exec node "$root/dist/cli.js" "$@"
