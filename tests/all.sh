#!/usr/bin/env bash
# Every test and check, and in the end how many passed. `all.sh fast` leaves out what needs an SDK or an emulator.
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if [ -t 1 ]; then color=always; else color=never; fi
export CARGO_TERM_COLOR=$color

finish() {
    echo
    echo "$passed passed, $failed failed"
    exit $((failed > 0))
}

# One step that has no tests to count: it passes or fails as a whole.
step() {
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# A run of tests, whose summary (nextest's one line, or cargo's one for each binary) is counted.
tests() {
    "$@" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} counts
    counts=$(sed $'s/\x1b\\[[0-9;]*m//g' "$log" | awk '
        / tests? run: / { run = $0; sub(/ tests? run: .*/, "", run); sub(/.* /, "", run); sub(/\/.*/, "", run)
                          ok = $0; sub(/.* tests? run: /, "", ok); passed += ok; failed += run - ok }
        /^test result: / { passed += $4; failed += $6 }
        END { print passed + 0, failed + 0 }')
    passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
    # What does not compile has no summary.
    if [ "$status" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then failed=$((failed + 1)); fi
}

if cargo nextest --version >/dev/null 2>&1; then
    run=(cargo nextest run --color "$color" --no-fail-fast)
else
    run=(cargo test --lib --bins --tests --no-fail-fast)
fi

if [ "${1:-}" = fast ]; then
    tests "${run[@]}"
    finish
fi

# In CI the lock file must be in step; elsewhere cargo mends it.
cargo build --workspace --all-targets ${CI:+--locked} || { failed=1; finish; }
python3=${PYTHON:-python3}
"$python3" tests/aws/install.py venv tools || { failed=1; finish; }
# A real browser for the report: the one on the PATH, else Debian's, unpacked into the checkout.
"$python3" tests/browser/install.py || { failed=1; finish; }
tests "${run[@]}" --workspace
tests cargo test --workspace --doc
# What stands in for channels refuses what they refuse; what looks at pages sees what is wrong with them.
step .local/venv/bin/python -m unittest discover --start-directory tests/aws/channels --top-level-directory tests/aws
step "$python3" -m unittest discover tests/browser
step make validate
finish
