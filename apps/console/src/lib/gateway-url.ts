/** The control plane's own default port, and the gateway's: `npm run up --port-offset` moves both by the same number. */
const CONTROL_PLANE_PORT = 3000;
const GATEWAY_PORT = 8080;

/** The public base URL of the gateway, without a path: on this page's host, on the port that belongs to this page's. */
export function gatewayUrl(): string {
  const { protocol, hostname, port } = window.location;
  const offset = port ? Number(port) - CONTROL_PLANE_PORT : 0;
  return `${protocol}//${hostname}:${GATEWAY_PORT + Math.max(0, offset)}`;
}
