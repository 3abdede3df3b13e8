# The commands of KodJudge. Each is one of judge/stack, which says what it does and skips what is done.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
STACK = @test -n "$(PYTHON)" || { echo "KodJudge needs Python 3.11 or newer as python3; or run: make PYTHON=/path/to/python3" >&2; exit 1; }; \
	exec $(PYTHON) -m judge.stack

.PHONY: up down services image test check bench words lock

up: ## set up what is missing and run KodJudge
	$(STACK) up

down: ## stop it; ALL=1 stops a Docker engine that we started, too
	$(STACK) down $(if $(ALL),--all)

services: ## start only the embedded servers, for development
	$(STACK) services

image: ## build the sandbox image where it is missing or old
	$(STACK) image

test: ## all tests; ARGS="-k name" goes to pytest
	$(STACK) test -- $(ARGS)

check: ## style, types, import contracts, migrations, docs
	$(STACK) check

bench: ## benchmarks; PART=judge picks one
	$(STACK) bench $(PART)

words: ## bring the languages of the interface up to the code, list what is not translated
	$(STACK) words

lock: ## compile the locks from pyproject.toml
	$(STACK) lock
