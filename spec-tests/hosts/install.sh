#!/usr/bin/env bash
# Installs the hosts that spec-tests/tests/hosts.rs asks, into this folder: OPA's SDK for JavaScript, and OPA with its own engine for
# wasm, which released binaries of OPA lack. What cannot be installed is said; the tests skip it.
set -euo pipefail
cd "$(dirname "$0")"

# The version whose answers regoc gives.
opa=v1.22.0

if command -v npm >/dev/null; then
    npm ci --prefix node >/dev/null || echo "hosts: npm cannot install OPA's SDK" >&2
else
    echo "hosts: npm is not installed, so OPA's SDK for JavaScript is not" >&2
fi

if command -v go >/dev/null; then
    if ! bin/opa version 2>/dev/null | grep -q "^Version: ${opa#v}$"; then
        GOBIN="$PWD/bin" go install -tags=opa_wasm "github.com/open-policy-agent/opa@$opa" ||
            echo "hosts: go cannot build OPA with its engine for wasm" >&2
    fi
else
    echo "hosts: go is not installed, so OPA with its engine for wasm is not" >&2
fi
