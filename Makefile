# The same steps for people and for CI. `make` says what there is.
# Everything a step needs it sets up itself, below `target`, `.make` and `node_modules`; system packages by apt, where it may.

CARGO ?= cargo
# One folder for all builds, wherever it was put.
TARGET := $(or $(CARGO_TARGET_DIR),target)
DENY_VERSION := 0.20.2
SHARED := ../shared/cases
# Everything at once: a crate chosen alone gets its dependencies with other features, and would build them all over again.
PROGRAMS := $(CARGO) build --workspace --bins --tests
# Spark is installed once for everything that runs from this checkout.
export COUNTERSIGN_SPARK_ENVIRONMENTS ?= $(CURDIR)/.make/spark

.DEFAULT_GOAL := help
.PHONY: help run test test-rust test-cases test-ui test-demo test-twin test-window check fmt clippy tidy deny bindings \
        programs demo-local demo-sandbox bench bundle setup-build setup-run setup-test

help: ## What there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: ## Open the window on the demonstration workspace; without a display, play the story in the terminal
	@tests/setup/run.sh

test: test-rust test-cases test-ui test-demo test-twin test-window ## Every test, the real window included

check: fmt clippy tidy deny bindings ## What needs no running program: format, lints, house rules, licences, bindings

# --- tests ---------------------------------------------------------------------------------------------------------

programs: setup-build
	$(PROGRAMS)

test-rust: setup-test
	$(CARGO) test --workspace --no-fail-fast

test-cases: programs
	@if [ -f $(SHARED)/conform.py ]; then \
	    python3 tests/cases.py $(SHARED) $(TARGET)/debug/countersign; \
	else echo "The cases are not beside this checkout; there is nothing to play."; fi

test-ui: setup-build
	cd ui && npm run check && npm run lint && npm test

# Side by side: much of each is waiting for Spark.
test-demo: setup-run programs
	@$(MAKE) --no-print-directory -j2 -O demo-local demo-sandbox

demo-local:
	tests/e2e/demo.py $(TARGET)/debug/countersign

demo-sandbox:
	tests/e2e/demo.py $(TARGET)/debug/countersign --sandbox

test-twin: setup-test programs
	cd ui && npm run build
	tests/setup/node.sh tests/e2e/twin
	cd tests/e2e/twin && COUNTERSIGN_BINARY=$(abspath $(TARGET))/debug/countersign npm test

test-window: setup-test programs
	tests/e2e/window.sh $(abspath $(TARGET))/debug

# --- checks --------------------------------------------------------------------------------------------------------

fmt:
	$(CARGO) fmt --all --check

# Without the pages: the lints of Rust need none.
clippy: setup-build
	COUNTERSIGN_SKIP_UI=1 $(CARGO) clippy --workspace --all-targets -- -D warnings

tidy: programs
	$(TARGET)/debug/xtask tidy

bindings: programs
	$(TARGET)/debug/xtask bindings --check

# Built without optimisation: a minute instead of five, and it runs for three seconds.
deny: .make/tools/bin/cargo-deny
	.make/tools/bin/cargo-deny check bans licenses sources

.make/tools/bin/cargo-deny:
	CARGO_TARGET_DIR=.make/tools/build $(CARGO) install cargo-deny --version $(DENY_VERSION) --locked --debug \
	    --no-default-features --root .make/tools
	rm -rf .make/tools/build

# --- the rest ------------------------------------------------------------------------------------------------------

bench: setup-test ## Measure, beside peers in the same run
	$(CARGO) build --release -p cli -p countersign-window -p xtask
	$(TARGET)/release/xtask bench

bundle: setup-build ## A .deb and an .rpm of the window, and the terminal program
	tests/setup/bundle.sh

setup-build:
	@tests/setup/packages.sh build
	@tests/setup/rust.sh
	@tests/setup/node.sh ui

setup-run: setup-build
	@tests/setup/packages.sh run

setup-test: setup-run
	@tests/setup/packages.sh test
