import type { GatewayHeartbeat } from '@penstock/contracts';

/** How a worker that writes ledgers back talks with gateways, and what it sees. Calls reject when it cannot be asked. */
export interface ReseedSigns {
  /** The last heartbeats of the gateways that are there now. */
  heartbeats(): Promise<readonly GatewayHeartbeat[]>;
  /** Ids of gateways that lived when Redis was last there. */
  knownGateways(): Promise<readonly string[]>;
  /** Asks all gateways to answer an attempt of this name, instead of another one. */
  call(token: string): Promise<void>;
  /** Keeps on asking; false when it was forgotten (Redis has lost its data again) or another one is asked for. */
  keepCalling(token: string): Promise<boolean>;
  /** Asks no more. */
  endCall(token: string): Promise<void>;
  /** The id of the newest entry of the usage stream; null when there is none. */
  streamEnd(): Promise<string | null>;
  /** Whether all entries of the stream up to this one are committed. */
  isCommitted(streamId: string): Promise<boolean>;
}
