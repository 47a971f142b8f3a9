/** The gateway's refusal, as the caller's official client threw it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** The error's code, where the dialect has one, else its type. */
  readonly code: string;
  readonly headers: Headers;

  constructor(told: { readonly status: number; readonly code: string; readonly message: string; headers: Headers }) {
    super(`${told.status} ${told.code}: ${told.message}`);
    this.status = told.status;
    this.code = told.code;
    this.headers = told.headers;
  }
}
