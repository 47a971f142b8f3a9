import type { Dialect, Operation } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';

/** A request as it came. */
export interface SentRequest {
  readonly surface: {
    readonly operation: Operation;
    readonly dialect: Dialect;
    /** Members by which callers bound an answer; none where nothing is generated. */
    readonly outputFields: readonly string[];
  };
  readonly facts: RequestFacts;
  readonly body: Buffer;
}
