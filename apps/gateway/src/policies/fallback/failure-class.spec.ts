import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import { faultToError } from '@penstock/providers';
import { readUpstreamFailure } from '../../upstream/upstream-failure.ts';
import { failureClassOf } from './failure-class.ts';

const told = (fault: 'bad-request' | 'context-length' | 'permission' | 'quota' | 'overloaded' | 'timeout') =>
  failureClassOf(faultToError({ fault, message: '', type: null, code: null, param: null }).error);
const thrown = (code: string) => failureClassOf(readUpstreamFailure(Object.assign(new Error('x'), { code })).error);

describe('the class of a failure', () => {
  it('is what the upstream said', () => {
    expect([told('context-length'), told('permission'), told('quota'), told('overloaded'), told('timeout')]).toEqual([
      'context-length',
      'authentication',
      'rate-limit',
      'server-error',
      'timeout',
    ]);
  });

  it('is what became of the connection', () => {
    expect([thrown('ECONNREFUSED'), thrown('UND_ERR_HEADERS_TIMEOUT'), thrown('UPSTREAM_QUEUE')]).toEqual([
      'unreachable',
      'timeout',
      'server-error',
    ]);
  });

  it('is none for the mistake of a caller', () => {
    expect([told('bad-request'), failureClassOf(new GatewayError('invalid_request', 'no'))]).toEqual([null, null]);
  });

  it('is that of the server for an answer of no use', () => {
    expect(failureClassOf(new GatewayError('upstream_error', 'no JSON'))).toBe('server-error');
  });
});
