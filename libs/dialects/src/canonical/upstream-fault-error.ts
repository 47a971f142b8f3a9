import type { UpstreamFault } from './canonical-event.ts';

/** An upstream reported a failure where an answer was expected. */
export class UpstreamFaultError extends Error {
  readonly fault: UpstreamFault;

  constructor(fault: UpstreamFault) {
    super(fault.message);
    this.name = 'UpstreamFaultError';
    this.fault = fault;
  }
}
