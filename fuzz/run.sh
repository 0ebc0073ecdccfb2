#!/usr/bin/env bash
# Runs every target of cargo-fuzz, and that of the builtins once for each family, for a number of seconds each:
# fuzz/run.sh SECONDS [TARGET…], where a target is the name of a binary or `builtins-FAMILY`. Ends at the first finding, which
# cargo-fuzz keeps in fuzz/artifacts/ and says how to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?fuzz/run.sh SECONDS [TARGET...]}
shift

# The sanitizer is for nightly compilers only, unless they are told otherwise.
export RUSTC_BOOTSTRAP=1
cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz

cases=${SHARED:-../shared}/conformance
if [ ! -d fuzz/corpus ] && [ -d "$cases" ]; then
    cargo run --release --manifest-path fuzz/Cargo.toml --bin seeds -- "$cases" fuzz/corpus
fi

if [ $# = 0 ]; then
    set -- syntax compile values module bundle \
        $(cargo run --release --manifest-path fuzz/Cargo.toml --bin families | sed 's/^/builtins-/')
fi

for target in "$@"; do
    FAMILY=${target#builtins-}
    corpus=fuzz/corpus/${target//\//-}
    mkdir -p "$corpus"
    [ "$FAMILY" = "$target" ] && unset FAMILY || export FAMILY
    echo "== $target, $seconds s"
    cargo fuzz run --release "${target%%-*}" "$corpus" -- \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=6144 -max_len=8192 -print_final_stats=1
done
