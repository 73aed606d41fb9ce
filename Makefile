# Kintsugi. `make help` lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help demo controls local test test-fast bench bench-report lint fmt generate validate build deploy clean need ready
MAKEFLAGS += --no-print-directory

export PYTHON ?= python3
export PARAMS
RUST = $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
TARGET := $(or $(CARGO_TARGET_DIR),target)
FUNCTIONS := $(notdir $(wildcard functions/*))

# Lambda's names of processors, and Rust's. 2.34 is the glibc of provided.al2023.
TRIPLE_x86_64 := x86_64-unknown-linux-gnu
TRIPLE_arm64 := aarch64-unknown-linux-gnu
GLIBC := 2.34

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ready ## See security groups repaired in an embedded AWS, in the terminal
	@$(TARGET)/debug/demo

controls: ready ## See every control put right in the embedded AWS, and taken back
	@$(TARGET)/debug/controls

local: ready ## Keep the embedded AWS up with the stack deployed (PARAMS="Mode=dry-run …")
	@$(TARGET)/debug/local

test: need ## Every test and check, the deployed stack in the embedded AWS included
	@tests/all.sh

test-fast: need ## Only what needs no SDK and no emulator: seconds
	@tests/all.sh fast

bench: need ## Start-up, latency, memory and size, beside a bare and a boto3 function (BENCH="--quick …")
	@cargo run --release --package benches --bin bench -- $(BENCH)

bench-report: need ## The report over 100,000 records: time and memory (RECORDS=400000)
	@cargo run --release --package summary --example large -- $(RECORDS)

lint: need ## Formatting, clippy, and cargo-deny where it is installed
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check; \
	else echo 'make: left out `cargo deny check`: to have it, cargo install --locked cargo-deny'; fi

fmt: need ## Format the code
	cargo fmt --all

generate: need ## Rewrite what is generated: docs, policies, event patterns
	UPDATE=1 cargo test --package tests
	UPDATE=1 cargo test --workspace --bin kintsugi docs_commands_md

validate: need ## Check the templates with the SAM CLI and cfn-lint
	@$(PYTHON) tests/aws/install.py tools
	.local/tools/bin/cfn-lint template.yaml member.yaml
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 .local/tools/bin/sam validate --lint --template template.yaml

# ---------------------------------------------------------------- what is deployed

has_target = $(wildcard $(shell rustc --print target-libdir --target $(TRIPLE_$(1)) 2>/dev/null))
ARCHS = $(foreach arch,x86_64 arm64,$(if $(call has_target,$(arch)),$(arch)))

build: need ## The zips of the functions, in dist/: for x86_64 and arm64, or for ARCH=…
	@$(if $(or $(ARCH),$(ARCHS)),$(MAKE) $(addprefix build-,$(or $(ARCH),$(ARCHS))),$(MAKE) build-x86_64)
	@$(if $(ARCH),,$(foreach arch,$(filter-out $(ARCHS),x86_64 arm64),\
		echo "Left out $(arch): its Rust target is not installed. To have it: rustup target add $(TRIPLE_$(arch))";))

build-%: need
	@$(if $(TRIPLE_$*),,echo "make: there is no ARCH $*; there are x86_64 and arm64" >&2; exit 1)
	@$(if $(call has_target,$*),,echo "make: cannot build for $*: rustup target add $(TRIPLE_$*)" >&2; exit 1)
	@$(PYTHON) tests/aws/install.py build
	PATH="$(CURDIR)/.local/build/bin:$$PATH" cargo lambda build --release --locked $(FUNCTIONS:%=--package %) \
		--target $(TRIPLE_$*).$(GLIBC) --output-format zip --lambda-dir $(TARGET)/lambda/$*
	@mkdir -p dist/$*
	@for function in $(FUNCTIONS); do \
		cp "$(TARGET)/lambda/$*/$$function/bootstrap.zip" "dist/$*/$$function.zip" || exit 1; \
		awk -v file="dist/$*/$$function.zip" -v bytes="$$(wc -c < dist/$*/$$function.zip)" \
			'BEGIN { printf "%s  %.2f MB\n", file, bytes / 1e6 }'; \
	done

# The answers given the first time; not in the repository, since they are the operator's own.
CONFIG := $(CURDIR)/.local/deploy.toml
DEPLOY_ARCH = $(or $(ARCH),$(shell cat .local/arch 2>/dev/null),$(firstword $(ARCHS)),x86_64)

deploy: need ## Build and deploy; asks the first time, later PARAMS="Mode=dry-run …" changes settings
	@$(PYTHON) tests/aws/install.py tools
	@test -f '$(CONFIG)' || cp samconfig.toml '$(CONFIG)'
	@.local/tools/bin/python -c "$$FIRST" '$(CONFIG)' > .local/first
	@$(MAKE) build-$(DEPLOY_ARCH)
	@# The zips are for one processor: the copy that is deployed allows no other.
	@sed -e 's/AllowedValues: \[arm64, x86_64\]/AllowedValues: [$(DEPLOY_ARCH)]/' \
		-e 's/Default: x86_64/Default: $(DEPLOY_ARCH)/' -e 's|CodeUri: dist/x86_64/|CodeUri: $(DEPLOY_ARCH)/|' \
		template.yaml > dist/template.yaml
	@# Later on the stack itself knows its settings; only what is given here changes.
	@if [ -s .local/first ]; then set -- --guided $(if $(PARAMS),--parameter-overrides $(PARAMS)); \
	else set -- --parameter-overrides Architecture=$(DEPLOY_ARCH) $(PARAMS); fi; \
	SAM_CLI_TELEMETRY=0 .local/tools/bin/sam deploy --template-file dist/template.yaml --config-file '$(CONFIG)' "$$@"
	@echo $(DEPLOY_ARCH) > .local/arch

# The SAM CLI knows the second name only.
ifdef AWS_REGION
export AWS_DEFAULT_REGION ?= $(AWS_REGION)
endif

# Says what is missing to deploy, and prints something if there is no stack yet.
define FIRST
import re, sys, boto3
from botocore.exceptions import BotoCoreError, ClientError
saved = dict(re.findall(r'(?m)^(stack_name|region) *= *"(.*)"', open(sys.argv[1]).read()))
session = boto3.Session(region_name=saved.get("region"))
if session.get_credentials() is None:
    sys.exit("make: there are no AWS credentials: sign in with `aws sso login` or `aws configure`, or set AWS_PROFILE")
if session.region_name is None:
    sys.exit("make: no AWS region is chosen: set AWS_REGION, such as AWS_REGION=eu-central-1")
try:
    account = session.client("sts").get_caller_identity()["Account"]
    print(f"Stack {saved['stack_name']} in account {account}, region {session.region_name}.", file=sys.stderr)
    stack = session.client("cloudformation").describe_stacks(StackName=saved["stack_name"])["Stacks"][0]
    if stack["StackStatus"] in ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"):
        print("was never made")
except BotoCoreError as error:
    sys.exit(f"make: cannot reach AWS: {error}")
except ClientError as error:
    if "does not exist" not in str(error):
        sys.exit(f"make: AWS refuses to tell what is deployed: {error}")
    print("not there")
endef
export FIRST

# ---------------------------------------------------------------- the machine

clean: ## Remove everything that was built or installed here
	cargo clean
	rm -rf dist .local

# One build for the demo, the tests and `local`: the same packages, the same features, nothing twice.
ready: need
	@$(PYTHON) tests/aws/install.py venv
	@cargo build --workspace --all-targets

need:
	@missing=; lack() { missing=1; echo "make: $$1" >&2; }; \
	if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then \
		lack "Rust is missing: install it from https://rustup.rs"; \
	elif ! rustc --version | awk -v want=$(RUST) \
		'{ split($$2, is, "."); split(want, at, "."); exit is[1] * 1000 + is[2] < at[1] * 1000 + at[2] }'; then \
		lack "this is $$(rustc --version); $(RUST) or newer is needed: rustup update stable"; \
	fi; \
	command -v cc >/dev/null || lack "a C compiler (cc) is missing: apt-get install gcc libc6-dev, or xcode-select --install"; \
	if ! command -v $(PYTHON) >/dev/null; then \
		lack "Python 3 is missing: apt-get install python3 python3-venv, or https://python.org"; \
	elif ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then \
		lack "this is $$($(PYTHON) --version); 3.10 or newer is needed: make PYTHON=python3.12 … takes another one"; \
	fi; \
	test -z "$$missing"
