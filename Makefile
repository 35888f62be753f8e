# make app | make extras | make test | make check | make messages | make docs | make bench | make checkpoints | make evidence
# Each target makes a virtual environment in .venv with the pinned versions first, if there is none yet.

# The first Python of a version that the pinned packages support; it is asked to run, since a name may be an empty shim.
SUITS := import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$name -c '$(SUITS)' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin

.PHONY: app extras test check check-web messages docs bench checkpoints evidence clean

app: .venv/app
	$(BIN)/streamlit run app.py

# What attnviz uses where it is installed: LIME and SHAP, sub-words, models of keras-hub, notebooks; and what builds the
# documentation. Tests of what is not installed are skipped and say so.
extras: .venv/extras

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev check-web
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The browser's code: types, format and lint. Whoever uses attnviz has no Node, and needs none.
check-web:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.ready && npm run --silent check; \
	elif [ -n "$$CI" ]; then echo "make check: no Node, so the browser's code cannot be checked" >&2; exit 1; \
	else echo "make check: there is no Node here, so the browser's code was not checked"; fi

node_modules/.ready: package.json package-lock.json
	npm ci --silent --no-fund --no-audit
	touch $@

# Finds the messages of the code and brings the catalogues up to date; a new message waits there for its translation.
messages: .venv/app
	mkdir -p build
	$(BIN)/python -m babel.messages.frontend -q extract -F babel.cfg --no-wrap --add-location file \
		--project attnviz -o build/attnviz.pot .
	for language in ru zh; do \
		$(BIN)/python -m babel.messages.frontend -q update -i build/attnviz.pot -l $$language --no-fuzzy-matching --no-wrap --ignore-obsolete --init-missing \
			--ignore-pot-creation-date -o attnviz/locales/$$language/LC_MESSAGES/attnviz.po || exit 1; \
	done

# The documentation as a site: build/docs/index.html. A warning is an error.
docs: .venv/docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

bench: .venv/dev
	$(BIN)/python -m benchmarks

# Trains everything that ships, on all 25,000 training reviews: about a quarter of an hour on two cores.
NETWORKS := word-additive lstm-dot luong bilstm bilstm-additive lstm-featurewise transformer stars column
checkpoints: .venv/app
	for name in $(NETWORKS); do \
		$(BIN)/python -m attnviz train $$name --seed 0 --out checkpoints/$$name --overwrite || exit 1; \
	done

# Measures the networks that ship over all test reviews, for the page Evidence: about an hour on two cores.
evidence: .venv/app
	$(BIN)/python -m attnviz.evidence.shipping --results evidence

.venv/app: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/app

.venv/extras: requirements-extras.txt requirements-docs.txt requirements.txt | .venv/app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-extras.txt -r requirements-docs.txt
	touch $@ .venv/docs

.venv/docs: requirements-docs.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	touch $@ .venv/app

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "attnviz needs Python 3.10 to 3.13; none was found" >&2; exit 1; }
	$(PYTHON) -m venv .venv

clean:
	rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
