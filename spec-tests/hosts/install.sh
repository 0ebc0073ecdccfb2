#!/usr/bin/env bash
# Installs the hosts that modules are asked in, into this folder: install.sh [NAME…], all of them without names. What cannot be installed is
# said, with how to get it; the tests skip it. Versions stand in the lock files beside each program.
set -uo pipefail
cd "$(dirname "$0")"

# The version of OPA whose answers regoc gives.
opa=v1.22.0

names=("$@")
[ $# -gt 0 ] || names=(node chromium engines opa wazero rust java python)

# Says that a host is missing and what is to be done: missing HOST HOW
missing() { echo "hosts: no $1: $2" >&2; }

# Whether a program is there; otherwise says which host is missing without it: needs HOST PROGRAM PACKAGE
needs() { command -v "$2" >/dev/null || { missing "$1" "install \`$2\` (Debian: $3)"; return 1; }; }

for name in "${names[@]}"; do
    case $name in
    node)
        needs node npm "nodejs npm" || continue
        npm ci --prefix js >/dev/null || missing node "npm ci failed in js"
        ;;
    chromium)
        if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
            apt-get install -y -qq --no-install-recommends chromium >/dev/null
        fi
        needs chromium chromium chromium || continue
        [ -d js/node_modules/playwright-core ] || npm ci --prefix js >/dev/null || missing chromium "npm ci failed in js"
        ;;
    engines)
        needs engines npm "nodejs npm" || continue
        npm ci --prefix js/engines >/dev/null || missing engines "npm ci failed in js/engines"
        [ -d js/node_modules/opa-1.10 ] || npm ci --prefix js >/dev/null || missing engines "npm ci failed in js"
        ;;
    opa)
        needs opa go golang || continue
        if ! bin/opa version 2>/dev/null | grep -q "^Version: ${opa#v}$"; then
            GOBIN="$PWD/bin" go install -tags=opa_wasm "github.com/open-policy-agent/opa@$opa" || missing opa "go install failed"
        fi
        go build -C go -tags=opa_wasm -o ../bin/opa-host ./opa || missing opa "go build failed in go"
        ;;
    wazero)
        needs wazero go golang || continue
        go build -C go -o ../bin/wazero ./wazero || missing wazero "go build failed in go"
        ;;
    rust)
        needs rust cargo rustup || continue
        if cargo build --release --locked --manifest-path rust/Cargo.toml --target-dir rust/target; then
            mkdir -p bin && cp rust/target/release/{opa-wasm-host,wasmi-host} bin/
        else
            missing rust "cargo build failed in rust"
        fi
        ;;
    python)
        needs python python3 "python3 python3-venv" || continue
        python3 -m venv python/venv && python/venv/bin/pip install -q -r python/requirements.txt || missing python "pip failed in python"
        ;;
    java)
        needs java mvn "maven openjdk-17-jdk-headless" || continue
        mvn -q -B -f java/pom.xml process-classes || missing java "mvn failed in java"
        ;;
    *)
        echo "hosts: no host is called $name" >&2
        exit 2
        ;;
    esac
done
