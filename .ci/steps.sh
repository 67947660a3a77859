# Functions for .ci/run and .ci/full. Both work in $scratch, and stop at the first failure.
# shellcheck shell=bash
# shellcheck source=.ci/python.sh
source .ci/python.sh
export CI=true
exec </dev/null

scratch=$(mktemp -d)
current=start
touch "$scratch/not-run" "$scratch/seconds"

finish() {
  local status=$?
  rm -rf "$scratch"
  if ((status != 0)); then printf '\nFAILED: %s (exit code %d)\n' "$current" "$status"; fi
}
trap finish EXIT

# step TITLE COMMAND...
step() {
  local started=$SECONDS
  current=$1
  printf '\n== %s\n' "$current"
  "${@:2}"
  printf -- '-- %s: %d s\n' "$current" $((SECONDS - started))
  printf '%5d s  %s\n' $((SECONDS - started)) "$current" >>"$scratch/seconds"
}

# skip WHAT WHY
skip() {
  printf 'NOT RUN: %s (%s)\n' "$1" "$2" | tee -a "$scratch/not-run"
}

# lint_template FOLDER REGION: a packaged template
lint_template() {
  local template=$1/cloudformation-template-update-stack.json
  if make_venv cfn-lint cfn-lint==1.58.0; then
    # W3005: the framework writes a DependsOn beside each reference.
    # W8003: with no e-mail address the condition HasEmail compares '' with ''.
    "$scratch/cfn-lint/bin/cfn-lint" --regions "$2" --ignore-checks W3005 W8003 -- "$template"
    echo 'cfn-lint 1.58.0 has no findings'
  fi
  if make_venv checkov checkov==3.3.30; then
    "$scratch/checkov/bin/checkov" --config-file .ci/checkov.yml -f "$template"
    echo 'checkov 3.3.30 has no findings but those of .ci/checkov.yml'
  fi
}

# run_clients SCRIPT ARGUMENT...: a script of .ci/clients; collects what it does not run.
run_clients() {
  local log=$scratch/clients.log
  ".ci/clients/$1" "${@:2}" 2>&1 | tee "$log"
  grep '^NOT RUN:' "$log" >>"$scratch/not-run" || true
}

# fuzz_api REQUESTS: each of two processes sends half of the requests. A failure prints the command that repeats it.
fuzz_api() {
  local half=$(($1 / 2))
  npm exec -- node test/fuzz/main.ts --requests $half --seed 1000000 >"$scratch/fuzz-1.log" 2>&1 &
  local first=$!
  npm exec -- node test/fuzz/main.ts --requests $half --seed 2000000 || { wait "$first" || true; return 1; }
  wait "$first" || { cat "$scratch/fuzz-1.log"; return 1; }
  cat "$scratch/fuzz-1.log"
}

# Prints the seconds of each step, and what was not run.
summarize() {
  printf '\n'
  cat "$scratch/seconds"
  printf '%5d s  all\n\n' "$SECONDS"
  cat "$scratch/not-run"
}
