export { FaultProxy, startFaultProxy } from './fault-proxy.ts';
export { PrivateRedis, startPrivateRedis } from './fixtures/private-redis.ts';
export { freePort } from './free-port.ts';
export { ManualClock } from './manual-clock.ts';
export { parseSse, readSse, type ReceivedEvent } from './read-sse.ts';
export { BehaviourChange, Fault } from './simulated-upstream/behaviour.ts';
export { Ledger, type LedgerEntry, type LedgerTotals } from './simulated-upstream/ledger.ts';
export {
  SimulatedUpstream,
  type SimulatedUpstreamOptions,
  startSimulatedUpstream,
} from './simulated-upstream/simulated-upstream.ts';
export { waitUntil } from './wait-until.ts';
