# syntax=docker/dockerfile:1
# The gateway for an external PostgreSQL: docs/containers.md. Built by: docker build -t deskwire .

FROM node:24-bookworm-slim AS base
WORKDIR /app
# Nothing that is installed runs scripts of its own, here as everywhere: see allowScripts in package.json.
ENV NPM_CONFIG_IGNORE_SCRIPTS=true NPM_CONFIG_FUND=false NPM_CONFIG_AUDIT=false NPM_CONFIG_UPDATE_NOTIFIER=false

# What is needed to run. The embedded PostgreSQL is all that is optional, and a container has no use for it.
FROM base AS dependencies
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional

FROM base AS build
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY migrations migrations
COPY src src
RUN npm run build

FROM base AS gateway
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
COPY scripts/build-if-stale.mjs scripts/
COPY deploy/container/health-check.mjs deploy/container/
# The image's own account "node", by its number, so that orchestrators can see that it is not root. It owns nothing of
# the above, and nothing is written: the root may be read-only.
USER 1000:1000
EXPOSE 3000
# Says whether the process answers, not whether the database does: whoever restarts what is unhealthy would otherwise
# restart gateways because of the database. Balancers ask for "ready".
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "deploy/container/health-check.mjs", "live"]
ENTRYPOINT ["node", "bin/deskwire.mjs"]
CMD ["start"]
