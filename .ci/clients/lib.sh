# Functions for the scripts that run foreign clients against the local stack. They install everything in $scratch.
# shellcheck shell=bash
# shellcheck source=.ci/python.sh
source .ci/python.sh

scratch=$(mktemp -d)
stack_pid=

finish() {
  if [[ -n $stack_pid ]]; then kill "$stack_pid" 2>/dev/null || true; fi
  wait
  chmod -R u+w "$scratch" # Go makes its module cache read-only
  rm -rf "$scratch"
}
trap finish EXIT

# skip WHAT WHY
skip() {
  printf 'NOT RUN: %s (%s)\n' "$1" "$2"
}

# Lists and packages go to the temporary folder. This needs no root and does not change the machine.
apt_here() {
  timeout 60 apt-get -o "Dir::State::Lists=$scratch/apt/lists" -o "Dir::Cache=$scratch/apt/cache" \
    -o APT::Sandbox::User= "$@"
}

# update_debian WHAT: fetches the package lists, or skips.
update_debian() {
  mkdir -p "$scratch/debian" "$scratch/apt/lists/partial" "$scratch/apt/cache/archives/partial"
  if [[ ! -e /etc/debian_version || ! -x /usr/bin/python3 ]]; then
    skip "$1" 'this is not Debian with python3'
  elif ! apt_here update >"$scratch/apt.log" 2>&1; then
    skip "$1" 'apt-get could not fetch its lists'
  else
    return 0
  fi
  return 1
}

# unpack_debian PACKAGE: unpacks the package and its missing dependencies.
unpack_debian() {
  local folder=$scratch/apt/$1 missing deb
  missing=$(apt_here --simulate --no-install-recommends install "$1" | awk '/^Inst/ {print $2}') || return
  [[ -n $missing ]] || return 0
  mkdir "$folder" && cd "$folder" || return
  # shellcheck disable=SC2086 # one word for each package
  apt_here --quiet download $missing || return
  for deb in ./*.deb; do dpkg-deb --extract "$deb" "$scratch/debian" || return; done
}

# Sets node and port.
start_stack() {
  node=$(npm exec --call 'command -v node' 2>/dev/null)
  PORT=0 AWS_PORT=0 DATA_DIR=$scratch/state "$node" local/main.ts start >"$scratch/stack.log" 2>&1 &
  stack_pid=$!
  until grep -q '^ready' "$scratch/stack.log"; do
    if ! kill -0 "$stack_pid" 2>/dev/null; then
      cat "$scratch/stack.log"
      return 1
    fi
    sleep 0.1
  done
  port=$(sed -En 's|^ *AWS .*http://localhost:([0-9]+).*|\1|p' "$scratch/stack.log")
}
