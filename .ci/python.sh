# Python environments for the steps and for the clients. Whoever sources this file has $scratch and `skip WHAT WHY`.
# shellcheck shell=bash

# make_venv WHAT REQUIREMENT...: creates a Python environment with the packages in $scratch/WHAT once, or skips
make_venv() {
  local venv=$scratch/$1
  if [[ -e $venv/ready ]]; then
    return 0
  elif ! command -v python3 >/dev/null; then
    skip "$1" 'no python3'
  elif ! python3 -m venv "$venv" >"$venv.log" 2>&1; then
    skip "$1" 'python3 has no venv with pip'
  elif ! "$venv/bin/pip" install --quiet --retries 1 "${@:2}" >"$venv.log" 2>&1; then
    skip "$1" 'pip could not install it'
  else
    touch "$venv/ready"
    return 0
  fi
  return 1
}
