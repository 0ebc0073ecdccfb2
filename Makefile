# Every routine command of the project. `make help` lists them. The work is done by cargo and by runtime/guest/build.sh.

CARGO ?= cargo
SHARED ?= ../shared
SECONDS ?= 60
ROWS ?= servers rbac-1000 http-routes-1000 acp-100 inventory-30 k8s-admission envoy-authz tf-plan-20 graph-100 documents-50

# What tests may do and the product may not: expect, panic, print, read files.
TESTS_MAY := -A clippy::expect_used -A clippy::unwrap_used -A clippy::panic -A clippy::print_stdout -A clippy::print_stderr \
	-A clippy::disallowed_methods -A clippy::disallowed_types -A unfulfilled_lint_expectations -A missing_docs -A unreachable_pub

.DEFAULT_GOAL := help
.PHONY: help guest build test unit conformance figures hosts sdk examples readme libraries bless lint asan fuzz cargo-fuzz bench bench-quick bench-builtins passes ci

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 17

guest: ## Compile the guest library to the committed runtime/guest/guest.wasm
	runtime/guest/build.sh

build: ## Build regoc (release)
	$(CARGO) build --release -p regoc

test: lint unit ## Everything that must pass: lint, and the tests of all packages (OPA's cases among them)

unit: ## The tests of all packages
	$(CARGO) test --release --workspace --exclude regoc-guest

conformance: ## Run OPA's cases through built modules (cases in SHARED=../shared), and write CONFORMANCE.md
	$(CARGO) run --release -p regoc-spec-tests --bin conformance -- $(SHARED)/conformance --scoreboard CONFORMANCE.md

figures: ## Sizes, build times, memory of a million decisions; the workloads beside OPA
	$(CARGO) build --release -p regoc
	REGOC_DECISIONS=1000000 $(CARGO) test --release -p regoc-spec-tests --test limits --test build_times --test large_policies --test workloads -- --nocapture

hosts: ## Ask modules in all hosts that spec-tests/hosts/install.sh has installed, beside OPA's own, and write HOSTS.md
	$(CARGO) build --release -p regoc -p regoc-spec-tests
	REGOC_SHARED=$(abspath $(SHARED)) $(CARGO) run --release -p regoc-spec-tests --bin hosts -- HOSTS.md
	$(CARGO) test --release -p regoc-spec-tests --test hosts --test bundles

sdk: ## Build and test the package for JavaScript; needs Node 20 and npm
	$(CARGO) build --release -p regoc
	cd sdk/js && npm ci && npm test

examples: ## Start and ask every service and the page of examples/; installs what they need
	$(CARGO) build --release -p regoc
	REGOC_EXAMPLES=all $(CARGO) test --release -p regoc-spec-tests --test examples -- --test-threads=1

readme: ## Run what README.md shows for each language; installs the loaders
	spec-tests/readme/install.sh
	$(CARGO) build --release -p regoc
	REGOC_README=required $(CARGO) test --release -p regoc-spec-tests --test readme

libraries: ## Tests of policy libraries of others beside `opa test`; fetches them with `go mod download`
	$(CARGO) build --release -p regoc
	REGOC_LIBRARIES=required $(CARGO) test --release -p regoc-spec-tests --test libraries -- --nocapture

bless: ## Accept the snapshots and figures as they are now
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 BLESS=1 $(CARGO) test --release --workspace --exclude regoc-guest

lint: ## Formatting and clippy, warnings are errors; the runtime also without `http.send`
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace -- -D warnings
	$(CARGO) clippy --release --workspace --tests -- -D warnings $(TESTS_MAY)
	$(CARGO) clippy --release -p regoc-runtime -- -D warnings

asan: ## The value library's tests under AddressSanitizer
	# Frames are several times as large with it, and some readers recurse a thousand times.
	RUST_MIN_STACK=33554432 RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address $(CARGO) test -p regoc-values --target x86_64-unknown-linux-gnu

fuzz: ## Generated policies through OPA and every engine, SECONDS=60, SEED=… to repeat a run
	$(CARGO) run --release -p regoc-spec-tests --bin fuzz -- --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

bench: ## Writes BENCHMARKS.md and docs/benchmarks: all beside OPA, regorus, Cedar and Rust by hand; some 15 minutes
	$(CARGO) build --release -p regoc -p regoc-benches
	$(CARGO) run --release -p regoc-benches --bin bench -- --workloads $(SHARED)/workloads --write BENCHMARKS.md $(if $(SEED),--seed $(SEED))

passes: ## Writes docs/benchmarks/passes.md: what each pass of the optimiser is worth
	$(CARGO) run --release -p regoc-benches --bin passes -- --write docs/benchmarks/passes.md

bench-quick: ## Decisions of some rows, within 3 minutes; ROWS="…" for others
	$(CARGO) run --release -p regoc-benches --bin bench -- --workloads $(SHARED)/workloads --passes 5 --pass-ms 10 $(ROWS)

bench-builtins: ## How the time of builtins grows with their input, beside OPA
	$(CARGO) run --release -p regoc-benches --bin builtins

cargo-fuzz: ## Targets of cargo-fuzz with AddressSanitizer, SECONDS=60 each; installs cargo-fuzz
	SHARED=$(SHARED) fuzz/run.sh $(SECONDS)

ci: ## What CI runs
	.ci/run
