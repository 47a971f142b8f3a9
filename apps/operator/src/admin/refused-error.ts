import type { AdminErrorBody } from '@penstock/contracts';

type FieldFault = AdminErrorBody['errors'][number];

/** The control plane has refused a request. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** Its word for it, such as `still_referenced`; empty where no control plane answered. */
  readonly code: string;
  readonly faults: readonly FieldFault[];

  constructor(status: number, body: AdminErrorBody | undefined) {
    super(body?.message ?? `answered ${status}, and not as a control plane does`);
    this.status = status;
    this.code = body?.code ?? '';
    this.faults = body?.errors ?? [];
  }

  /** What is at fault, with the paths of fields. */
  describe(): string {
    if (this.faults.length === 0) return this.message;
    return this.faults.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
  }
}

/** The control plane did not answer. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}
