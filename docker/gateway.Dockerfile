# syntax=docker/dockerfile:1
# The gateway runs as TypeScript, unbuilt: Node strips the types.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps/gateway/package.json apps/gateway/
COPY libs/ libs/
# Only what the gateway imports, without install scripts; `optional` holds the Node binaries for development.
RUN npm ci --workspace apps/gateway --include-workspace-root=false --omit=dev --omit=optional --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    PENSTOCK_GATEWAY_HOST=0.0.0.0 \
    PENSTOCK_GATEWAY_OPERATIONS_HOST=0.0.0.0 \
    PENSTOCK_DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY libs/ libs/
COPY apps/gateway/ apps/gateway/
RUN groupadd --gid 1001 penstock && useradd --uid 1001 --gid 1001 --no-create-home penstock \
    && install -d -o 1001 -g 1001 /data
USER 1001:1001
VOLUME /data
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:8081/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/gateway/src/main.ts"]
