import type { UsageOperation } from '@penstock/contracts';
import type { RequestContext } from '../http/request-context.ts';
import type { Surface } from './surfaces/surface.ts';

/** What answers at a path: one operation of one dialect, or a probe. */
export interface Endpoint {
  /** Undefined for probes. */
  readonly operation?: UsageOperation;
  /** In whose dialect errors are told; OpenAI's where there is none. */
  readonly surface?: Surface;
  /** Answers, now or later; whatever it throws or rejects with becomes an error answer. */
  handle(context: RequestContext): void | Promise<void>;
}

export interface EndpointDefinition {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  /** Without context and version. A last segment in braces is a parameter, which may contain `/`. */
  readonly path: string;
  /** Served with `/v1` and without it. */
  readonly versioned: boolean;
  readonly endpoint: Endpoint;
}
