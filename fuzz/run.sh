#!/usr/bin/env bash
# Runs every target of cargo-fuzz, and that of the builtins once for each family, for a number of seconds each:
# fuzz/run.sh SECONDS [TARGET…], where a target is the name of a binary or `builtins-FAMILY`. Ends at the first finding, which
# cargo-fuzz keeps in fuzz/artifacts/ and says how to repeat. A target that found nothing adds its processor
# time to fuzz/runs.json, from which `make conformance` makes a table.
# CARGO_TARGET_DIR is where it builds, fuzz/target if it is not set.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?fuzz/run.sh SECONDS [TARGET...]}
shift

# The sanitizer is for nightly compilers only, unless they are told otherwise.
export RUSTC_BOOTSTRAP=1
cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz

# Frames are several times as large with AddressSanitizer (see `make asan`): this is the usual stack of 8 MB.
ulimit -S -s 32768

# The tools are built with the targets, or everything would be compiled twice.
cargo fuzz build --release
built=${CARGO_TARGET_DIR:-fuzz/target}/$(rustc -vV | sed -n 's/^host: //p')/release
tool() {
    ASAN_OPTIONS=detect_leaks=0 "$built/$1" "${@:2}"
}

cases=${SHARED:-../shared}/conformance
if [ ! -d fuzz/corpus ] && [ -d "$cases" ]; then
    tool seeds "$cases" fuzz/corpus
fi

if [ $# = 0 ]; then
    families=$(tool families)
    set -- syntax compile values module bundle $(sed 's/^/builtins-/' <<<"$families")
fi

log=$(mktemp)
spent=$(mktemp)
trap 'rm -f "$log" "$spent"' EXIT
# The seconds of processor time that the children of this shell have taken: on a busy machine others would say little.
processor_seconds() {
    awk 'NR == 2 { split($1, part, /[ms]/); print int(part[1] * 60 + part[2]) }' "$spent"
}
for target in "$@"; do
    FAMILY=${target#builtins-}
    corpus=fuzz/corpus/${target//\//-}
    mkdir -p "$corpus"
    if [ "$FAMILY" = "$target" ]; then unset FAMILY; else export FAMILY; fi
    echo "== $target, $seconds s"
    times >"$spent"
    before=$(processor_seconds)
    cargo fuzz run --release "${target%%-*}" "$corpus" -- \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -detect_leaks=0 -max_len=8192 -print_final_stats=1 2>&1 | tee "$log"
    times >"$spent"
    tool record fuzz/runs.json "$target" "$(git rev-parse --short HEAD)" $(($(processor_seconds) - before)) "$log"
done
