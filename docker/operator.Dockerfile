# syntax=docker/dockerfile:1
# The Kubernetes operator runs as TypeScript, unbuilt: Node strips the types.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps/operator/package.json apps/operator/
COPY libs/ libs/
# Only what the operator imports, without install scripts; `optional` holds the Node binaries for development.
RUN npm ci --workspace apps/operator --include-workspace-root=false --omit=dev --omit=optional --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    PENSTOCK_OPERATOR_HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY libs/ libs/
COPY apps/operator/ apps/operator/
RUN groupadd --gid 1001 penstock && useradd --uid 1001 --gid 1001 --no-create-home penstock
USER 1001:1001
EXPOSE 3003
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:3003/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/operator/src/main.ts"]
