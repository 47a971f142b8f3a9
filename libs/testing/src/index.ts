export { FaultProxy, startFaultProxy } from './fault-proxy.ts';
export { PrivateRedis, startPrivateRedis } from './fixtures/private-redis.ts';
export { freePort, isFree } from './free-port.ts';
export { ManualClock } from './manual-clock.ts';
export {
  hopKeyOf,
  originalIllustration,
  originalManagedSecret,
  originalManifests,
  originalMultiProvider,
  originalOwnVendor,
  originalProviders,
  originalTranslators,
  type OriginalManifest,
} from './original-manifests.ts';
export { parseSse, readSse, type ReceivedEvent } from './read-sse.ts';
export { BehaviourChange, Fault } from './simulated-upstream/behaviour.ts';
export { Ledger, type LedgerEntry, type LedgerTotals } from './simulated-upstream/ledger.ts';
export {
  SimulatedUpstream,
  type SimulatedUpstreamOptions,
  startSimulatedUpstream,
} from './simulated-upstream/simulated-upstream.ts';
export { shareGlobalDispatcher } from './share-global-dispatcher.ts';
export { type AwsCredentials, simulatedAwsCredentials } from './simulated-vendors/bedrock/verify-signature.ts';
export { ApiStatus } from './simulated-kubernetes/api-status.ts';
export type { KubeObject } from './simulated-kubernetes/kube-object.ts';
export {
  type KubeFault,
  type KubeRequestRecord,
  SimulatedKubernetes,
  type SimulatedKubernetesOptions,
  startSimulatedKubernetes,
} from './simulated-kubernetes/simulated-kubernetes.ts';
export {
  SimulatedVendors,
  type SimulatedVendorsOptions,
  startSimulatedVendors,
} from './simulated-vendors/simulated-vendors.ts';
export { type FailureKind, failureKinds } from './simulated-vendors/turn/failure.ts';
export { type BehaviourName, behaviours, type ScenarioModel } from './simulated-vendors/turn/scenario.ts';
export { isMinted, mintSignature } from './simulated-vendors/turn/signature-mint.ts';
export type { TokenUsage } from './simulated-vendors/turn/turn.ts';
export { type VendorName, vendorNames } from './simulated-vendors/vendor.ts';
export { type LedgerViolation, VendorLedger, type VendorLedgerEntry } from './simulated-vendors/vendor-ledger.ts';
export type { Violation } from './simulated-vendors/violation.ts';
export { createIssuerKey, type IssuerKey, jwksOf, signToken } from './token-issuer.ts';
export { waitUntil } from './wait-until.ts';
