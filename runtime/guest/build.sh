#!/bin/sh
# Builds the guest library into runtime/guest/guest.wasm, which is committed: a user of the compiler needs no wasm target.
#
# Needs rustc and cargo with the library sources, and wasm-ld. The committed bytes come from Debian's rustc-web and cargo-web 1.96.0,
# rust-web-src and lld-19 (19.1.7); they do not depend on the folder. Another toolchain can be named with RUSTC, CARGO and
# WASM_LD; it gives other bytes, which work as well.
set -eu

cd "$(dirname "$0")/../.."
target=wasm32-unknown-unknown
folder=${GUEST_TARGET_DIR:-target/guest}

# The standard library is built along (build-std, which needs RUSTC_BOOTSTRAP), so that it gets the same flags:
# - immediate-abort: no message and no place is kept for a panic;
# - mvp and what every engine has had for years. Without reference types, call_indirect has the one-byte table index of old engines;
# - relocations and one segment per symbol, for regoc's linker;
# - no loop strength reduction: wasm has no addressing modes that would pay for the variables that it adds (1 % of the bytes).
export RUSTC_BOOTSTRAP=1
export RUSTC="${RUSTC:-/usr/bin/rustc}"
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="${WASM_LD:-/usr/bin/wasm-ld-19}"
export RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort \
-Ctarget-cpu=mvp -Ctarget-feature=+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals \
-Cllvm-args=-disable-lsr -Clink-arg=--import-memory -Clink-arg=--emit-relocs -Clink-arg=--no-merge-data-segments"
export CARGO_TARGET_DIR="$folder"
export CARGO_PROFILE_RELEASE_OPT_LEVEL="${GUEST_OPT_LEVEL:-s}"
export CARGO_PROFILE_RELEASE_LTO=fat
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1
export CARGO_PROFILE_RELEASE_PANIC=abort
export CARGO_PROFILE_RELEASE_DEBUG=false
export CARGO_PROFILE_RELEASE_STRIP=none
export CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=false

"${CARGO:-/usr/bin/cargo}" build --release --package regoc-guest -Z build-std=core,alloc --target "$target"
cp "$folder/$target/release/regoc_guest.wasm" "${GUEST_OUT:-runtime/guest/guest.wasm}"
