# make chat    set up once, build the article's index, open the chat
# make test    set up once, run every check
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
MILVUS := $(VENV)/.milvus

# The CPU build of torch, named exactly: a plain requirement would pull gigabytes of CUDA on Linux.
# With a GPU: make setup TORCH=torch==2.13.0 TORCH_INDEX=
TORCH       ?= torch==2.13.0+cpu
TORCH_INDEX ?= --extra-index-url https://download.pytorch.org/whl/cpu
PIP         := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: chat test setup lint types unit results results-writers

chat: $(STAMP)
	$(BIN)/wenju chat

test: lint types unit

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt Makefile
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 14) else "Wenju needs Python 3.11 to 3.14; this is %d.%d. Choose one with: make chat PYTHON=python3.12" % v)'
	$(PYTHON) -m venv $(VENV)
	@$(PIP) install --quiet --retries 2 $(TORCH_INDEX) '$(TORCH)' || { \
	  echo "No CPU build of torch for this machine ($(TORCH)). It comes from https://download.pytorch.org/whl/cpu;"; \
	  echo "without a network, put its wheel into a folder and run: PIP_FIND_LINKS=FOLDER make setup"; exit 1; }
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,llama,openai]'
	@touch $@

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

unit: $(MILVUS)
	$(BIN)/pytest

# For the tests alone: with what it needs, 180 MB that nobody who chats has a use for.
$(MILVUS): $(STAMP)
	$(PIP) install --quiet --constraint constraints.txt --editable '.[milvus]'
	@touch $@

# Measures everything that eval/RESULTS.md reports. Commit what it changes.
#   make results CMRC=cmrc2018_dev.json SQUAD2=squad2_zh_dev.json.gz
# CMRC: the dev file of github.com/ymcui/cmrc2018, in squad-style-data/; SQUAD2: SQuAD 2.0 dev in Chinese, of
# github.com/pluto-junzeng/ChineseSquad. The sentence scorer has the thresholds that eval/ablate.py gives it.
SCORER := WENJU_MODELS__READER=scorer WENJU_OUTCOME__UNSURE_FROM=0.4 WENJU_OUTCOME__ANSWERED_FROM=0.45
results: $(STAMP)
	@test -f '$(CMRC)' && test -f '$(SQUAD2)' || { \
	  echo "Name both files: make results CMRC=cmrc2018_dev.json SQUAD2=squad2_zh_dev.json.gz"; exit 1; }
	$(BIN)/wenju eval run article-dev --out runs/article-dev --force
	$(BIN)/wenju eval run article-test --out runs/article-test --force
	$(BIN)/wenju eval run english-test --out runs/english-test --force
	$(SCORER) $(BIN)/wenju eval run article-test --out runs/article-test-scorer --force
	$(BIN)/wenju eval run '$(CMRC)' --format squad --split report --out runs/cmrc-report --force
	$(BIN)/wenju eval run '$(SQUAD2)' --format squad --split report --type 'gold paragraph' \
	  --out runs/squad2-report --force
	$(BIN)/wenju eval ablate article-dev --out runs/ablation --force
	$(BIN)/wenju eval claims dev --out runs/claims-dev.json
	$(BIN)/wenju eval claims test --out runs/claims-test.json
	$(BIN)/python -m eval.results runs

# Adds the table of writers to it, from the runs of both models of the catalogue; an hour on two cores. A run
# that was interrupted goes on.
results-writers: $(STAMP)
	for size in 0.5b 1.5b; do \
	  $(BIN)/wenju eval run article-test --writer llama:qwen2.5-coder-$$size --out runs/article-test-$$size \
	    $$(test -d runs/article-test-$$size && echo --resume) || exit 1; \
	done
	$(BIN)/python -m eval.results runs
