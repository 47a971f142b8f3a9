# syntax=docker/dockerfile:1
# Control plane with console, worker and migrations. Targets: the last stage (control plane, worker) and `migrate`.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV CI=true NX_DAEMON=false NX_TUI=false
COPY . .
RUN npm ci --omit=optional --ignore-scripts \
    && npx prisma generate \
    && npx nx run-many -t build

# Migrations need the Prisma CLI, which the running image does without.
FROM build AS migrate
RUN chown -R 1001:1001 /app/prisma
USER 1001:1001
CMD ["npx", "prisma", "migrate", "deploy"]

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps/control-plane/package.json apps/control-plane/
COPY libs/ libs/
RUN npm ci --workspace apps/control-plane --include-workspace-root=false --omit=dev --omit=optional --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    PENSTOCK_CONTROL_PLANE_HOST=0.0.0.0 \
    PENSTOCK_CONTROL_PLANE_OPERATIONS_HOST=0.0.0.0 \
    PENSTOCK_WORKER_OPERATIONS_HOST=0.0.0.0 \
    PENSTOCK_CONSOLE_DIST=/app/apps/console/dist
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY libs/ libs/
COPY apps/control-plane/package.json apps/control-plane/
COPY apps/control-plane/data/ apps/control-plane/data/
COPY --from=build /app/apps/control-plane/dist apps/control-plane/dist
COPY --from=build /app/apps/console/dist apps/console/dist
RUN groupadd --gid 1001 penstock && useradd --uid 1001 --gid 1001 --no-create-home penstock
USER 1001:1001
EXPOSE 3000 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:3001/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/control-plane/dist/main.js"]
