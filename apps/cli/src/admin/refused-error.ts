import type { AdminErrorBody } from '@penstock/contracts';
import { CliError } from '../cli-error.ts';

/** The control plane has refused a request. */
export class RefusedError extends CliError {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** What it said; undefined where it was no control plane that answered. */
  readonly body: AdminErrorBody | undefined;

  constructor(message: string, status: number, body: AdminErrorBody | undefined) {
    super(message);
    this.status = status;
    this.body = body;
  }
}
