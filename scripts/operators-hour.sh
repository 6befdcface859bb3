#!/usr/bin/env bash
# A new operator's hour, done for real: from a clone to a monitored pair of processes on PostgreSQL, an alert, an upgrade, a
# backup that is restored. Writes the transcript in Markdown to standard output: scripts/operators-hour.sh > docs/operators-hour.md
#
# As root on Debian, with git, curl, jq, Node.js, and Debian's postgresql and prometheus. Nothing of the machine changes:
# all of it happens in a namespace of its own, whose files and processes are gone afterwards. It takes some ten minutes.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
  for program in git node npm curl jq openssl unshare setpriv pg_createcluster pg_dump prometheus promtool; do
    if ! command -v "$program" >/dev/null; then
      printf 'Not to be found: %s.\n' "$program" >&2
      exit 1
    fi
  done
  from="$(cd "$(dirname "$0")/.." && pwd)"
  scratch="$(mktemp -d)"
  trap 'rm -rf "$scratch"' EXIT
  chmod 711 "$scratch"
  unshare --mount --pid --fork --kill-child --mount-proc bash "$0" --inside "$from" "$scratch"
  exit
fi
from="$2"
scratch="$3"

# --- A machine of its own: what is written goes to the scratch directory; of the machine's own files one sees the rest.
mkdir -m 755 "$scratch"/{etc,layer,opt,var-deskwire,var-postgresql,var-prometheus,log,run,home}
mount -t tmpfs tmpfs "$scratch/layer"
mkdir -m 755 "$scratch"/layer/{changes,spare}
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$scratch/layer/changes,workdir=$scratch/layer/spare" /etc
rm -rf /etc/deskwire /etc/postgresql/*/deskwire
mkdir -p /opt /var/lib/deskwire /var/lib/postgresql /var/lib/prometheus /var/log/postgresql /run/postgresql
mount --bind "$scratch/opt" /opt
mount --bind "$scratch/var-deskwire" /var/lib/deskwire
mount --bind "$scratch/var-postgresql" /var/lib/postgresql
mount --bind "$scratch/var-prometheus" /var/lib/prometheus
mount --bind "$scratch/log" /var/log/postgresql
mount --bind "$scratch/run" /run/postgresql
chown postgres:postgres /var/lib/postgresql /var/log/postgresql /run/postgresql
chown prometheus:prometheus /var/lib/prometheus
cd "$scratch/home"
npm_config_cache="$(npm config get cache)" npm_config_userconfig="$(npm config get userconfig)"
export npm_config_cache npm_config_userconfig npm_config_update_notifier=false HOME="$scratch/home"
repository="$from"
unset NODE_ENV DATABASE_URL PORT

# --- Telling
in_block=
began=$SECONDS

# What nobody else should read, and what is this machine's.
masked() {
  sed -E -e 's/dw_[A-Za-z0-9_-]{20,}/dw_…/g' -e 's#(/hooks/[a-z-]+/)[A-Za-z0-9_-]{16,}#\1…#g' \
    -e 's#://deskwire:[^@ ]+@#://deskwire:…@#g' -e 's/\b[0-9a-f]{48,}\b/…/g' -e "s#$from#https://git.example.com/deskwire#g" \
    -e "s#$scratch/home#~#g" -e 's/[[:space:]]+$//'
}
say() {
  [ -z "$in_block" ] || printf '```\n'
  in_block=
  printf '\n%s\n' "$(cat)"
}
# One command, word for word as it stands here; ends everything if it fails.
run() {
  local command status=0
  command="$(cat)"
  [ -n "$in_block" ] || printf '\n```console\n'
  in_block=yes
  printf '%s\n' "$command" | sed -e '1s/^/# /' -e '2,$s/^/  /' | masked
  eval "$command" >"$scratch/output" 2>&1 || status=$?
  masked <"$scratch/output"
  if [ "$status" != 0 ]; then
    printf '%s\nended with %s\n' "$command" "$status" >&2
    masked <"$scratch/output" >&2
    exit 1
  fi
}
# Waits for what happens in its own time, and says how long it took.
wait_until() {
  local what="$1" since=$SECONDS
  shift
  until eval "$*" >/dev/null 2>&1; do
    if [ $((SECONDS - since)) -gt 300 ]; then
      printf 'in vain: %s\n' "$*" >&2
      exit 1
    fi
    sleep 0.5
  done
  say <<<"_${what}: after $((SECONDS - since)) s._"
}

# What the unit in deploy/systemd does: account, directory, files of settings, command. There is no systemd in a namespace.
start() {
  local role="$1" code="${2:-/opt/deskwire}" more="${3:-}"
  (
    cd /var/lib/deskwire
    set -a
    . /etc/deskwire/deskwire.env
    [ ! -f "/etc/deskwire/$role.env" ] || . "/etc/deskwire/$role.env"
    [ -z "$more" ] || eval "$more"
    NODE_ENV=production ROLE="$role" DATA_DIR=/var/lib/deskwire
    exec setpriv --reuid deskwire --regid deskwire --clear-groups node "$code/bin/deskwire.mjs" start
  ) >>"$scratch/home/$role.log" 2>&1 &
  echo $! >"$scratch/home/$role.pid"
  # So that the shell does not report its end among what commands say.
  disown
}
stop() {
  kill "-${2:-TERM}" "$(cat "$scratch/home/$1.pid")"
  while kill -0 "$(cat "$scratch/home/$1.pid")" 2>/dev/null; do sleep 0.1; done
}

. "$from/scripts/operators-hour-steps.sh"
[ -z "$in_block" ] || printf '```\n'
