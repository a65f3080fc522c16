# Everything that a developer does, one command each. Every target sets up what it needs.
# The Node that builds, runs and tests is the one from npm (node_modules/.bin/node), not the machine's.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# What npm lets Node keep for its next start goes with the packages, not into the temporary folder.
export NODE_COMPILE_CACHE := $(CURDIR)/node_modules/.cache/node

# For machines without libatomic, which newer builds of Node want.
NODE_WITHOUT_LIBATOMIC := 24.9.0

.PHONY: setup build check test lint format audit demo bench worlds worlds-mutants image package clean

setup: node_modules/.installed

node_modules/.installed: package.json package-lock.json toolchain/package.json
	npm ci --loglevel=error
	@node --version > node_modules/.node-version 2>/dev/null || { \
	  echo "The Node from npm does not start here (libatomic is missing): taking Node $(NODE_WITHOUT_LIBATOMIC) instead."; \
	  npm install --no-save --loglevel=error node-linux-$$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@$(NODE_WITHOUT_LIBATOMIC); }
	@node --input-type=module -e "import 'node:module'; if (!process.features.typescript) { console.error('Pool Boy is built with Node 24 or newer, and npm brings none for this machine: install one.'); process.exit(1); }"
	@touch $@

build: setup
	npm run --silent build

lint: setup
	npm run --silent lint

format: setup
	npm run --silent format

# Known weaknesses of the packages. The registry must offer it.
audit:
	npm audit

# The inner loop: linter, types and the tests that start no program and no server.
check: lint
	npm run --silent test -- test/core test/pipeline test/request test/report --testPathIgnorePatterns report-page.test

test: lint build
	npm run --silent test

demo: build
	node scripts/demo.ts

# SIZES="2000 20000" for other numbers of commits.
bench: build
	node scripts/bench/bench.ts $(SIZES)
	node scripts/bench/bench-concourse.ts

# Simulated sites in which people and Concourse do all they can, and Pool Boy must rob nobody. SEEDS=20000 for a soak,
# FROM=N for other worlds.
worlds: setup
	node scripts/worlds/soak.ts $(or $(SEEDS),1000) $(or $(FROM),0)

# Each rule that protects a holder is taken out once: worlds must go wrong for it.
worlds-mutants: setup
	node scripts/worlds/mutants.ts $(or $(SEEDS),500)

clean:
	rm -rf node_modules dist pool-boy-*.tgz

# The program for people as an npm package, to install without a clone: npm install --global ./pool-boy-VERSION.tgz
package: build
	npm pack --loglevel=error

image: setup
	node scripts/image/make-image.ts
