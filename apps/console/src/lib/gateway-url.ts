/** The control plane's own default port, and the gateway's: `npm run up --port-offset` moves both by the same number. */
const CONTROL_PLANE_PORT = 3000;
const GATEWAY_PORT = 8080;

/** The public base URL of the gateway, without a path. */
export function gatewayUrl(): string {
  return gatewayUrlBeside(window.location);
}

/** The gateway on the host of a page of the console, on the port that belongs to the page's. */
export function gatewayUrlBeside({ protocol, hostname, port }: Pick<URL, 'protocol' | 'hostname' | 'port'>): string {
  const offset = port ? Number(port) - CONTROL_PLANE_PORT : 0;
  return `${protocol}//${hostname}:${GATEWAY_PORT + Math.max(0, offset)}`;
}
