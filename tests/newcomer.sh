#!/usr/bin/env bash
# What a newcomer does: clone into an empty folder, with an empty HOME, `make run`, again, `make test`.
#   tests/newcomer.sh            the two starts
#   tests/newcomer.sh --test     and the whole suite
# Prints how long each took; ends with what is left running (nothing).
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
mkdir "$place/home"
git clone --quiet "$source" "$place/clone"
[ -d "$source/../shared" ] && ln -s "$(cd "$source/../shared" && pwd)" "$place/shared"
cd "$place/clone"
clean() { exec env -i PATH="$PATH" HOME="$place/home" PORT="${PORT:-8017}" "$@"; }

start() {
  local began=$SECONDS
  (clean make run) >"$place/run.log" 2>&1 &
  local pid=$!
  until grep -q '^ready: ' "$place/run.log"; do
    kill -0 $pid 2>/dev/null || { cat "$place/run.log"; echo "$1: make run ended"; exit 1; }
    [ $((SECONDS - began)) -lt 600 ] || { cat "$place/run.log"; echo "$1: not ready in 600 s"; exit 1; }
    sleep 0.5
  done
  echo "$1: ready after $((SECONDS - began)) s; $(curl -s "localhost:${PORT:-8017}/readyz")"
  kill -TERM $pid
  wait $pid || true
  for _ in $(seq 300); do pgrep -f "$place" >/dev/null || break; sleep 0.1; done
  echo "$1: left running: $(pgrep -fc "$place" || true)"
}

start "first start"
start "second start"
if [ "${1:-}" = "--test" ]; then
  began=$SECONDS
  (clean make test)
  echo "make test took $((SECONDS - began)) s"
fi
rm -rf "$place"
