import { GatewayError } from '@penstock/contracts';
import type { PolicyAnswer } from './policy.ts';

/** An error that a policy puts in its own words. */
export class PolicyRefusal extends GatewayError {
  readonly answer: PolicyAnswer;

  constructor(reason: GatewayError, answer: PolicyAnswer) {
    super(reason.code, reason.message, { cause: reason, status: answer.status });
    this.answer = answer;
  }
}
