# The steps of operators-hour.sh, which reads this file: `say` is prose, `run` a command whose output is shown.
say <<'EOF'
# A new operator's hour

From a clone to a monitored pair of processes on a PostgreSQL of one's own; an alert, an upgrade, a backup and its restoration. Every command below was run, and every line below it printed, by [`scripts/operators-hour.sh`](../scripts/operators-hour.sh), which you can run too; only secrets are shown as `…`. What is done here and why stands in [systemd](systemd.md), [Operations](operations.md), [Metrics](metrics.md), [Upgrading](upgrading.md) and [Backup and restore](backup.md).
EOF

say <<'EOF'
## The code

Node.js and git are there already.
EOF
run <<'EOF'
node --version && grep PRETTY_NAME /etc/os-release
EOF
run <<'EOF'
useradd --system --home-dir /var/lib/deskwire --shell /usr/sbin/nologin deskwire
EOF
run <<'EOF'
git clone --quiet "$repository" /opt/deskwire && cd /opt/deskwire
EOF
run <<'EOF'
npm ci --no-audit --no-fund --loglevel error
EOF
run <<'EOF'
npm run --silent build
EOF
run <<'EOF'
npm prune --omit=dev --no-audit --no-fund --loglevel error
EOF

say <<'EOF'
## A database

Debian's PostgreSQL, a role that owns its database and may do nothing else.
EOF
run <<'EOF'
pg_createcluster "$(ls /usr/lib/postgresql | tail -n 1)" deskwire --port 5432 --start
EOF
run <<'EOF'
export DATABASE_PASSWORD="$(openssl rand -hex 24)"
EOF
run <<'EOF'
runuser -u postgres -- psql --quiet -c "create role deskwire login password '$DATABASE_PASSWORD'"
EOF
run <<'EOF'
runuser -u postgres -- createdb --owner deskwire deskwire
EOF

say <<'EOF'
## Settings

One file for all processes, one for each role. Two processes on one machine need two ports. The sandbox of the `api` process stands in for Zulip, and the worker has to be allowed to reach it: `OUTBOUND_ALLOW`.
EOF
run <<'EOF'
install -d -m 0750 -g deskwire /etc/deskwire && install -d -m 0700 -o deskwire -g deskwire /var/lib/deskwire
EOF
run <<'EOF'
install -m 0640 -g deskwire .env.example /etc/deskwire/deskwire.env
EOF
run <<'EOF'
cat >> /etc/deskwire/deskwire.env <<END
DATABASE_URL=postgres://deskwire:$DATABASE_PASSWORD@127.0.0.1:5432/deskwire
ENCRYPTION_KEY=$(openssl rand -hex 32)
OUTBOUND_ALLOW=127.0.0.1/32
END
EOF
run <<'EOF'
printf 'PORT=3001\nSANDBOX=true\n' > /etc/deskwire/api.env; printf 'PORT=3002\n' > /etc/deskwire/worker.env
EOF

say <<'EOF'
## The first start

The schema first; it would be made by the first start as well.
EOF
run <<'EOF'
(set -a; . /etc/deskwire/deskwire.env; npx deskwire migrate) | sed -E 's/, /,\n      /g'
EOF
say <<'EOF'
With systemd: `systemctl enable --now deskwire@api deskwire@worker`, and `journalctl -u deskwire@api`. Here a function of the script, `start`, does what the unit says.
EOF
run <<'EOF'
start api && start worker
EOF
wait_until 'Both are ready' 'curl -fsS http://127.0.0.1:3001/health/ready && curl -fsS http://127.0.0.1:3002/health/ready'
run <<'EOF'
grep -v '^{' ~/api.log; grep -v '^{' ~/worker.log
EOF
KEY="$(grep -oE 'dw_[A-Za-z0-9_-]{20,}' "$HOME/api.log" | head -n 1)"
API=http://127.0.0.1:3001/api/v1
export KEY API

say <<'EOF'
## Monitoring

Prometheus gets a key of its own, the rules that come along, and the address of each process. From here on `$KEY` is the admin key that the start printed, and `$API` is `http://127.0.0.1:3001/api/v1`.
EOF
run <<'EOF'
install -d -o prometheus /etc/prometheus/deskwire
EOF
run <<'EOF'
curl -fsS -X POST $API/api-keys -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
  -d '{"name": "Prometheus", "role": "auditor"}' | jq -r .key > /etc/prometheus/deskwire/deskwire-key
EOF
run <<'EOF'
chown prometheus /etc/prometheus/deskwire/deskwire-key && chmod 0400 /etc/prometheus/deskwire/deskwire-key
EOF
run <<'EOF'
cp monitoring/prometheus.yml monitoring/alerts.yml /etc/prometheus/deskwire/
EOF
run <<'EOF'
sed -i "s/'gateway-1:3000', 'gateway-2:3000'/'127.0.0.1:3001', '127.0.0.1:3002'/" /etc/prometheus/deskwire/prometheus.yml
EOF
run <<'EOF'
runuser -u prometheus -- promtool check config /etc/prometheus/deskwire/prometheus.yml
EOF
run <<'EOF'
runuser -u prometheus -- prometheus --config.file=/etc/prometheus/deskwire/prometheus.yml \
  --storage.tsdb.path=/var/lib/prometheus --web.listen-address=127.0.0.1:9090 > ~/prometheus.log 2>&1 &
EOF
wait_until 'Prometheus has asked both' \
  "[ \"\$(curl -fsS 'http://127.0.0.1:9090/api/v1/query?query=up' | jq '[.data.result[].value[1]] | map(select(. == \"1\")) | length')\" = 2 ]"
run <<'EOF'
curl -fsS http://127.0.0.1:9090/api/v1/targets | jq -r '.data.activeTargets[] | "\(.labels.job) \(.labels.instance) \(.health)"'
EOF
run <<'EOF'
curl -fsS http://127.0.0.1:9090/api/v1/rules | jq '[.data.groups[].rules[]] | length'
EOF

say <<'EOF'
## A source, a route, a message

The first start has made a destination, the sandbox, and a route that takes everything. Here is another source, and a route of its own to that destination.
EOF
run <<'EOF'
DESTINATION="$(curl -fsS $API/destinations -H "Authorization: Bearer $KEY" | jq -r '.data[0].id')"; echo "$DESTINATION"
EOF
run <<'EOF'
HOOK_URL="$(curl -fsS -X POST $API/sources -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
  -d '{"name": "Support desk", "provider": "groove"}' | jq -r .hook_url)"; echo "$HOOK_URL"
EOF
run <<'EOF'
curl -fsS -X POST $API/routes -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d "{
  \"name\": \"Support desk\", \"position\": 1, \"destination_id\": \"$DESTINATION\",
  \"matchers\": [{\"field\": \"source.name\", \"op\": \"eq\", \"value\": \"Support desk\"}],
  \"settings\": {\"channel\": \"desk\", \"stop\": true}}" | jq -c '{name, position, settings}'
EOF
run <<'EOF'
npx deskwire send src/providers/groove/fixtures/ticket_started__real.json --to "$HOOK_URL"
EOF
wait_until 'It has been delivered' \
  "curl -fsS '$API/deliveries?state=delivered' -H 'Authorization: Bearer $KEY' | jq -e '.data | length > 0'"
run <<'EOF'
curl -fsS "$API/deliveries" -H "Authorization: Bearer $KEY" | jq '.data[] | {state, channel, topic, content, message_id}'
EOF
run <<'EOF'
ADMIN_API_KEY=$KEY timeout 3 npx deskwire tail --url http://127.0.0.1:3001 || true
EOF

say <<'EOF'
## Somebody dies at night

The worker is killed. (`stop` sends a signal and waits for the end. With systemd it would be back in two seconds; nobody starts it here.)
EOF
run <<'EOF'
stop worker KILL
EOF
run <<'EOF'
npx deskwire send src/providers/groove/fixtures/customer_replied__real.json --to "$HOOK_URL"
EOF
alerts='curl -fsS http://127.0.0.1:9090/api/v1/alerts'
wait_until 'An alert is pending' "$alerts | jq -e '.data.alerts | length > 0'"
run <<'EOF'
curl -fsS http://127.0.0.1:9090/api/v1/alerts | jq -r '.data.alerts[] | "\(.state) \(.labels.alertname): \(.annotations.summary)"'
EOF
wait_until 'The alerts fire' "$alerts | jq -e '.data.alerts | map(select(.state == \"firing\")) | length > 1'"
run <<'EOF'
curl -fsS http://127.0.0.1:9090/api/v1/alerts | jq -r '.data.alerts[] | "\(.state) \(.labels.alertname): \(.annotations.summary)"'
EOF
run <<'EOF'
start worker
EOF
wait_until 'What waited has been delivered' \
  "curl -fsS '$API/deliveries?state=delivered' -H 'Authorization: Bearer $KEY' | jq -e '.data | length > 1'"
wait_until 'No alert is left' "$alerts | jq -e '.data.alerts | length == 0'"

say <<'EOF'
## An upgrade

The new version beside the old one (here the same again), its migrations, and one process after the other: the new one of a role is ready before the old one is stopped, so that a balancer always has one.
EOF
run <<'EOF'
git clone --quiet "$repository" /opt/deskwire-next && cd /opt/deskwire-next
EOF
run <<'EOF'
(npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev --no-audit --no-fund) > ~/install.log 2>&1
EOF
run <<'EOF'
(set -a; . /etc/deskwire/deskwire.env; npx deskwire migrate)
EOF
cp "$HOME/api.pid" "$HOME/old-api.pid"
cp "$HOME/worker.pid" "$HOME/old-worker.pid"
run <<'EOF'
start api /opt/deskwire-next PORT=3003
EOF
wait_until 'The new one is ready' 'curl -fsS http://127.0.0.1:3003/health/ready'
run <<'EOF'
stop old-api
EOF
run <<'EOF'
start worker /opt/deskwire-next PORT=3004
EOF
wait_until 'The new one is ready' 'curl -fsS http://127.0.0.1:3004/health/ready'
run <<'EOF'
stop old-worker
EOF
run <<'EOF'
npx deskwire send src/providers/groove/fixtures/agent_replied__documented.json --to "${HOOK_URL/3001/3003}"
EOF
API=http://127.0.0.1:3003/api/v1
wait_until 'It has been delivered' \
  "curl -fsS '$API/deliveries?state=delivered' -H 'Authorization: Bearer $KEY' | jq -e '.data | length > 2'"

say <<'EOF'
## A backup, and whether it is one
EOF
run <<'EOF'
export DATABASE_URL=postgres://deskwire:$DATABASE_PASSWORD@127.0.0.1:5432/deskwire
EOF
run <<'EOF'
pg_dump --format=custom --no-owner --file=$HOME/deskwire.dump "$DATABASE_URL"
EOF
run <<'EOF'
runuser -u postgres -- createdb --owner deskwire deskwire_restored
EOF
run <<'EOF'
pg_restore --no-owner --exit-on-error --single-transaction --dbname "${DATABASE_URL}_restored" $HOME/deskwire.dump
EOF
unset DATABASE_URL
say <<'EOF'
A process that takes webhooks alone, on the restored database and with the same `ENCRYPTION_KEY`:
EOF
run <<'EOF'
start api /opt/deskwire-next 'PORT=3005 SANDBOX=false DATABASE_URL=${DATABASE_URL}_restored'
EOF
wait_until 'It is ready' 'curl -fsS http://127.0.0.1:3005/health/ready'
run <<'EOF'
for port in 3003 3005; do curl -fsS "http://127.0.0.1:$port/api/v1/deliveries" -H "Authorization: Bearer $KEY" | jq -c '[.data[] | [.id, .state, .message_id]]' | sha256sum | cut -c1-16; done
EOF
run <<'EOF'
npx deskwire send src/providers/groove/fixtures/agent_replied__documented.json --to "${HOOK_URL/3001/3005}"
EOF
say <<<"The same deliveries in both, and the restored one knows the hook URL and recognises the webhook that it has had before. All of it took $(((SECONDS - began) / 60)) minutes and $(((SECONDS - began) % 60)) seconds, most of it the installations and the two minutes that an alert waits."
