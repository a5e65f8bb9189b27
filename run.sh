#!/bin/sh
# Builds Indii Music when its sources changed, then runs it: ./run.sh [serve|import DIR|help|version] [options]
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program="$here/src/Standalone/bin/Release/net10.0/IndiiMusic.Standalone.dll"
stamp="$here/src/Standalone/bin/Release/built"

say() { printf '%s\n' "$*" >&2; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if ! command -v dotnet >/dev/null 2>&1 && [ -x "$HOME/.dotnet/dotnet" ]; then
  PATH="$HOME/.dotnet:$PATH"
fi
if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks | grep -q '^10\.'; then
  say "Indii Music needs the .NET SDK 10: see https://dotnet.microsoft.com/download/dotnet/10.0, then run this again."
  exit 1
fi

# A newer source file than the last good build, or one that is gone since (its folder is newer then), asks for a build.
changed() {
  [ ! -f "$program" ] || [ ! -f "$stamp" ] ||
    [ -n "$(find "$here/src" "$here/Directory.Build.props" "$here/Directory.Packages.props" "$here/global.json" \
      \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

if changed; then
  say "Building (a minute or two the first time) ..."
  log=$(mktemp)
  mkdir -p "$(dirname "$stamp")"
  touch "$log.started"
  if ! dotnet build "$here/src/Standalone" --configuration Release --nologo --verbosity quiet >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log" "$log.started"
    say "The build failed; what went wrong stands above."
    exit 1
  fi
  # What was edited during the build is not in it. Folders do not count: the build itself makes new ones in them.
  if [ -z "$(find "$here/src" \( -name bin -o -name obj \) -prune -o -type f -newer "$log.started" -print | head -n 1)" ]; then
    touch "$log.started"
  fi
  mv "$log.started" "$stamp"
  rm -f "$log"
fi

if ! command -v ffmpeg >/dev/null 2>&1; then
  as_root=none
  if [ "$(id -u)" = 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  fi
  if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing ffmpeg, which reads music files ..."
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
      $as_root apt-get install -y -qq --no-install-recommends ffmpeg; } >/dev/null 2>&1 </dev/null || true
  fi
  if ! command -v ffmpeg >/dev/null 2>&1; then
    say "ffmpeg is missing and cannot be installed from here: importing and uploading music will not work until it is."
    say "Everything else does. To get it: sudo apt-get install ffmpeg"
  fi
fi

export INDIIMUSIC_DATA="${INDIIMUSIC_DATA:-$here/data}"
export INDIIMUSIC_PROGRAM="${INDIIMUSIC_PROGRAM:-$0}"
exec dotnet "$program" "$@"
