import { describe, expect, it } from '@jest/globals';
import { LlmProxySpec } from '@penstock/contracts';
import { z } from 'zod';
import {
  checkPolicyDrafts,
  conversionReorders,
  converted,
  draftOfPolicies,
  NO_POLICIES,
  policiesOf,
  type PolicyListsDraft,
} from './policy-draft.ts';
import { UnfinishedJson } from './schema-value.ts';

const size = { name: 'request-size', version: 'v1', params: { maxBytes: 1_000 } };
const log = {
  name: 'log-message',
  version: 'v0',
  executionCondition: "request.Method == 'POST'",
  paths: [{ path: '/*', methods: ['*' as const], params: {} }],
};
const specWith = (lists: object) => LlmProxySpec.parse({ displayName: 'x', provider: { id: 'lab' }, ...lists });

describe('the policies of a document in a form', () => {
  it('are the same when they are sent back untouched', () => {
    const spec = specWith({ globalPolicies: [size], operationPolicies: [log] });
    expect(policiesOf(draftOfPolicies(spec))).toEqual({
      policies: [],
      globalPolicies: [size],
      operationPolicies: [log],
    });
  });

  it('stay in the former spelling, until they are converted', () => {
    const draft = draftOfPolicies(specWith({ policies: [log, size] }));
    expect(policiesOf(draft)).toEqual({ policies: [log, size], globalPolicies: [], operationPolicies: [] });
    expect(policiesOf(converted(draft))).toEqual({ policies: [], globalPolicies: [size], operationPolicies: [log] });
  });

  it('say whether converting changes their order', () => {
    const reorders = (policies: object[]) => conversionReorders(draftOfPolicies(specWith({ policies })));
    expect([reorders([log, size]), reorders([size, log]), reorders([size, size])]).toEqual([true, false, false]);
  });

  it('are refused where text is not JSON yet', () => {
    const [policy] = draftOfPolicies(specWith({ globalPolicies: [size] })).globalPolicies;
    const draft = { ...NO_POLICIES, globalPolicies: [{ ...policy!, params: { maxBytes: new UnfinishedJson('[') } }] };
    const { error } = z
      .custom<PolicyListsDraft>()
      .superRefine((lists, context) => checkPolicyDrafts(lists, context, ['spec']))
      .safeParse(draft);
    expect(error?.issues.map(({ path }) => path)).toEqual([['spec', 'globalPolicies', 0, 'params', 'maxBytes']]);
  });
});
