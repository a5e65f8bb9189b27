#!/bin/bash
# Asks a program for its health, with nothing but bash: check-health HOST PORT PATH...
# The exit code is 0 when every path is answered by 200. It is in the images, for the health checks of containers and
# for `helm test`; a base image has no curl.
set -u

if [ $# -lt 3 ]; then
  echo "usage: check-health HOST PORT PATH..." >&2
  exit 2
fi
host=$1 port=$2
shift 2

ask() {
  local path=$1 status
  exec 3<>"/dev/tcp/$host/$port" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: check-health\r\nConnection: close\r\n\r\n' "$path" "$host" >&3
  IFS= read -r -t 10 status <&3 || status="no answer"
  exec 3>&- 3<&-
  echo "$path: ${status%$'\r'}"
  case $status in "HTTP/1.1 200 "*) ;; *) return 1 ;; esac
}

for path in "$@"; do
  ask "$path" || exit 1
done
