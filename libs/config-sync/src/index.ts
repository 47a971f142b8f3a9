export { type Clock, systemClock } from './clock.ts';
export { createSnapshotSource, type SnapshotSourceOptions } from './create-snapshot-source.ts';
export {
  HEARTBEAT_EXPIRY_MS,
  HeartbeatReporter,
  type HeartbeatReporterOptions,
  type InstanceState,
} from './heartbeat-reporter.ts';
export { openEnvelope, SnapshotRefusedError } from './open-envelope.ts';
export type { QuarantinedEntity } from './quarantine.ts';
export { readHeartbeats } from './read-heartbeats.ts';
export { createRedisConnection, type RedisConnection } from './redis-connection.ts';
export { RedisSnapshotPublisher } from './redis-snapshot-publisher.ts';
export { runAtOnce, runGradually } from './run-gradually.ts';
export { encodeEnvelope, MAX_SNAPSHOT_BYTES, sealSnapshot } from './seal-snapshot.ts';
export { SnapshotFile } from './snapshot-file.ts';
export type { PublishOutcome, SnapshotPublisher } from './snapshot-publisher.ts';
export type {
  LoadedSnapshot,
  SnapshotRefusal,
  SnapshotSource,
  SnapshotSourceEvents,
  SnapshotSourceFault,
} from './snapshot-source.ts';
export { type SnapshotVersion, versionText } from './snapshot-version.ts';
