#!/usr/bin/env bash
# Installs the loaders of others that README.md's "Use it from …" shows, into this folder; spec-tests/tests/readme.rs runs what it shows.
# What cannot be installed is said; the tests skip it.
set -uo pipefail
cd "$(dirname "$0")"

missing() { echo "readme: no $1: $2" >&2; }

if command -v npm >/dev/null; then
    npm ci >/dev/null || missing JavaScript "npm ci failed"
else
    missing JavaScript "npm is not installed"
fi
if command -v python3 >/dev/null; then
    [ -x python/bin/python ] || python3 -m venv python || missing Python "python3 cannot make an environment (Debian: python3-venv)"
    python/bin/pip install --quiet --disable-pip-version-check -r requirements.txt || missing Python "pip install failed"
else
    missing Python "python3 is not installed"
fi
if command -v mvn >/dev/null; then
    mvn --quiet --batch-mode -f java dependency:copy-dependencies -DoutputDirectory=lib || missing Java "mvn failed"
else
    missing Java "mvn is not installed"
fi
if command -v go >/dev/null; then
    # Where spec-tests/hosts/install.sh puts it, too.
    [ -x ../hosts/bin/opa ] || GOBIN="$PWD/../hosts/bin" go install -tags opa_wasm github.com/open-policy-agent/opa@v1.22.0 || missing OPA "go install failed"
    (cd go && go build -tags opa_wasm -o /dev/null github.com/open-policy-agent/opa/v1/rego) || missing Go "go build failed"
else
    missing Go "go is not installed"
fi
