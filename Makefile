# Everything that a developer does; see CONTRIBUTING.md. Each target sets up what it needs.
# The Node that runs and tests is the one from npm (node_modules/.bin/node), not the machine's.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: setup build test lint format demo clean

setup: node_modules/.installed

node_modules/.installed: package.json package-lock.json
	npm ci --loglevel=error
	touch $@

build: setup
	npm run --silent build

lint: setup
	npm run --silent lint

format: setup
	npm run --silent format

test: lint build
	npm run --silent test

demo: build
	node scripts/demo.ts

clean:
	rm -rf node_modules dist
