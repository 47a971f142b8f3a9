import type { Dialect, ModelProfile } from '@penstock/contracts';
import type { CanonicalRequest } from './canonical-request.ts';
import type { SignatureOrigin } from './signature.ts';
import type { Warnings } from './warnings.ts';

/** What a request is fitted to. */
export interface PrepareContext {
  /** The dialect in which it will be sent. */
  readonly upstream: Dialect;
  readonly profile: ModelProfile;
  /** The models that will read its signatures. */
  readonly origin: SignatureOrigin;
  readonly warnings: Warnings;
}

/** A tool as the caller knows it. */
export interface CallerTool {
  readonly name: string;
  readonly namespace?: string;
  readonly kind: 'function' | 'custom';
}

/** A request that the encoder of its upstream's dialect can write as it is. */
export interface PreparedRequest {
  readonly request: CanonicalRequest;
  /** The caller's tools by the name under which they are sent, where that differs (renamed, flattened or wrapped). */
  readonly renamedTools: ReadonlyMap<string, CallerTool>;
  /** The forced tool whose arguments are the structured output that the caller asked for, by its name as it is sent. */
  readonly outputTool?: string;
}
