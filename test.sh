#!/bin/sh
# Builds everything and runs every test, one project after another: ./test.sh
# The last line says how many passed and failed; the exit code is 1 when any failed. A real server that cannot be had is
# named, and its tests are skipped; where CI=true that fails the run.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$here" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*"; }

if ! command -v dotnet >/dev/null 2>&1; then
  say "The tests need the .NET SDK 10: see https://dotnet.microsoft.com/download/dotnet/10.0."
  exit 1
fi

if ! command -v ffmpeg >/dev/null 2>&1; then
  say "Installing ffmpeg ..."
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if ! { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    $as_root apt-get install -y -qq --no-install-recommends ffmpeg; } >/dev/null 2>&1 </dev/null; then
    say "ffmpeg cannot be installed from here; the tests need it: sudo apt-get install ffmpeg"
    exit 1
  fi
fi

missing=$(sh tests/servers.sh install | sed -n 's/^missing: //p')
filter=""
for server in $missing; do
  say "skipped: the tests of $server, which cannot be had on this machine"
  filter="${filter:+$filter&}Server!=$server"
done
if [ -n "$missing" ] && [ "${CI:-}" = true ]; then
  say "Where CI=true, no server may be missing."
  exit 1
fi

say "Building ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build IndiiMusic.sln --configuration Release --nologo --verbosity quiet >"$log" 2>&1; then
  cat "$log"
  say "The build failed."
  exit 1
fi

passed=0
failed=0
skipped=0
broken=0

# Prints the number after a word such as 'Passed:' in the summary line of a test run; 0 when there is none.
count() { sed -n "s/.*$1: *\([0-9][0-9]*\),.*/\1/p" "$log" | tail -n 1 | grep . || echo 0; }

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  grep -q "<IsTestProject>true" "$project" || continue
  if dotnet test "$project" --no-build --configuration Release --nologo ${filter:+--filter "$filter"} >"$log" 2>&1; then
    result=ok
  else
    result=FAILED
    cat "$log"
    # A run that ends without a summary, as by a crash, counts as one failure.
    [ "$(count Failed)" != 0 ] || broken=1
  fi
  p=$(count Passed) f=$(( $(count Failed) + broken )) s=$(count Skipped)
  broken=0
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  say "$name: $result, $p passed, $f failed, $s skipped"
done

if [ "$skipped" -gt 0 ]; then
  say "$passed passed, $failed failed, $skipped skipped"
else
  say "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
