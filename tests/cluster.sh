#!/bin/sh
# Starts two silos and two gateways of the built programs on servers that run already, uses them as an app would, kills a
# silo and uses them again: tests/cluster.sh
# Where the servers are stands in the environment (INDIIMUSIC_..., docs/configuration.md). Everything it starts it ends;
# what the programs said is in the folder that it names at its end.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
logs=$(mktemp -d)
mkdir "$logs/keys"
export INDIIMUSIC_Auth__SigningKeys__Folder="${INDIIMUSIC_Auth__SigningKeys__Folder:-$logs/keys}"
processes=

end() {
  # The ids are split into words on purpose.
  # shellcheck disable=SC2086
  [ -z "$processes" ] || kill $processes 2>/dev/null || true
  wait
  rm -rf "$logs/keys"
  echo "What the programs said: $logs"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# start PROJECT NAME ARGUMENT...
start() {
  project=$1 name=$2
  shift 2
  dotnet "$here/src/$project/bin/Release/net10.0/IndiiMusic.$project.dll" "$@" >"$logs/$name.log" 2>&1 &
  processes="$processes $!"
}

wait_until_ready() {
  tries=0
  until curl -sf "$1/health/ready" >/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -ge 90 ]; then
      echo "$1 did not become ready:" >&2
      curl -s "$1/health/ready" >&2 || true
      tail -n 40 "$logs"/*.log >&2
      exit 1
    fi
    sleep 1
  done
}

for n in 1 2; do
  start Silo "silo$n" --Silo:SiloPort=2611$n --Silo:GatewayPort=2630$n \
    "--Kestrel:Endpoints:Management:Url=http://127.0.0.1:2610$n"
done
victim=${processes##* }
for n in 1 2; do
  start Api "gateway$n" "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:2608$n" \
    "--Kestrel:Endpoints:Management:Url=http://127.0.0.1:2609$n"
done
for n in 1 2; do
  wait_until_ready "http://127.0.0.1:2610$n"
  wait_until_ready "http://127.0.0.1:2608$n"
done

"$here/tests/smoke.sh" http://127.0.0.1:26081 http://127.0.0.1:26082
kill -9 "$victim"
"$here/tests/smoke.sh" http://127.0.0.1:26081 http://127.0.0.1:26082
