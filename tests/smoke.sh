#!/bin/sh
# Uses a running service as an app would, through every gateway that is named, and tells what does not work:
#   tests/smoke.sh http://127.0.0.1:5080 [http://127.0.0.1:5082 ...]
# Makes one account of a random name, one playlist and one track, and deletes the last two. Needs curl. Exit code 1 at the
# first answer that is not as it should be.
set -eu

[ $# -gt 0 ] || {
  echo "usage: tests/smoke.sh GATEWAY..." >&2
  exit 2
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

first=$1
token=
name=smoke$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# call GATEWAY METHOD PATH STATUS [curl's options ...]: prints the body, or fails where the status is another.
call() {
  gateway=$1 method=$2 path=$3 expected=$4
  shift 4
  # A silo or a gateway that comes or goes may cost an answer; what is sent here may all be sent again.
  status=$(curl -sS -o "$work/body" -w '%{http_code}' --max-time 30 --retry 5 --retry-all-errors -X "$method" \
    ${token:+-H "Authorization: Bearer $token"} "$@" "$gateway/api/v1$path" 2>"$work/error") ||
    fail "$method $gateway$path: $(cat "$work/error")"
  [ "$status" = "$expected" ] || fail "$method $gateway$path answered $status instead of $expected: $(cat "$work/body")"
  cat "$work/body"
}

# json GATEWAY METHOD PATH STATUS BODY
json() { call "$1" "$2" "$3" "$4" -H 'Content-Type: application/json' -d "$5"; }

# Prints the first value of a key that holds a string or a number.
first_value() { grep -o "\"$1\":\"\{0,1\}[^\",}]*" | head -n 1 | sed 's/.*:"\{0,1\}//'; }

json "$first" POST /auth/register 201 \
  "{\"username\":\"$name\",\"email\":\"$name@example.org\",\"password\":\"$password\"}" >/dev/null
token=$(json "$first" POST /auth/login 200 "{\"login\":\"$name\",\"password\":\"$password\"}" | first_value accessToken)
[ -n "$token" ] || fail "the log-in brought no token"

# A second of silence, as a WAV file of 8,000 samples of 16 bits.
{
  printf 'RIFF\244\076\000\000WAVEfmt \020\000\000\000\001\000\001\000\100\037\000\000\200\076\000\000\002\000\020\000'
  printf 'data\200\076\000\000'
  head -c 16000 /dev/zero
} >"$work/silence.wav"
uploaded=$(call "$first" POST /tracks 202 -F "file=@$work/silence.wav;type=audio/wav")
[ "$(printf '%s' "$uploaded" | first_value status)" = ready ] || fail "the track is not ready: $uploaded"
track=$(printf '%s' "$uploaded" | first_value id)

playlist=$(json "$first" POST /playlists 201 "{\"name\":\"$name\"}" | first_value id)
for gateway in "$@"; do
  operation="{\"operationId\":\"$gateway\",\"ops\":[{\"kind\":\"append\",\"trackIds\":[\"$track\"]}]}"
  once=$(json "$gateway" POST "/playlists/$playlist/operations" 200 "$operation")
  twice=$(json "$gateway" POST "/playlists/$playlist/operations" 200 "$operation")
  [ "$once" = "$twice" ] || fail "$gateway: an operation sent twice got $once, then $twice"
  call "$gateway" GET "/tracks/$track/audio" 206 -H 'Range: bytes=0-43' >/dev/null
  call "$gateway" GET "/tracks?query=$name" 200 >/dev/null
done

for gateway in "$@"; do
  entries=$(call "$gateway" GET "/playlists/$playlist/entries" 200 | grep -o '"entryId":' | wc -l)
  [ "$entries" -eq $# ] || fail "$gateway: the playlist has $entries entries instead of $#"
done

call "$first" DELETE "/playlists/$playlist" 204 >/dev/null
call "$first" DELETE "/tracks/$track" 204 >/dev/null
echo "Works through $# gateway(s)."
