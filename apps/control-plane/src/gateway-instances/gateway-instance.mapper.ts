import type { GatewayHeartbeat, GatewayInstance } from '@penstock/contracts';

/** An instance that has been silent for longer counts as lost. */
const LOST_AFTER_MS = 15_000;

/** A heartbeat as the console shows it. */
export function toGatewayInstance(heartbeat: GatewayHeartbeat, newestRevision: number, now: number): GatewayInstance {
  const stalenessMs = Math.max(0, now - Date.parse(heartbeat.sentAt));
  return {
    ...heartbeat,
    state: stateOf(heartbeat, stalenessMs),
    stalenessMs,
    current: heartbeat.appliedRevision === newestRevision,
  };
}

function stateOf(heartbeat: GatewayHeartbeat, stalenessMs: number): GatewayInstance['state'] {
  if (stalenessMs > LOST_AFTER_MS) return 'lost';
  return heartbeat.draining ? 'draining' : 'live';
}
