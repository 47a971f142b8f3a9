import { type ExplainedPolicy, findPolicy, type SnapshotPolicy, type SnapshotProxy } from '@penstock/contracts';
import { type ConditionInput, explainCondition, matchPath } from '@penstock/policies';

/** What policies see of a request. */
export interface PolicyRequest {
  readonly proxy: SnapshotProxy;
  readonly method: string;
  /** How the path of the operation may be written in a policy. */
  readonly paths: readonly string[];
  /** As conditions see it. */
  readonly template: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What policies have told each other so far. */
export interface Told {
  readonly metadata: ReadonlyMap<string, string>;
  /** A policy whose choice only the gateway knows has had its say. */
  readonly uncertain: boolean;
}

export interface Judgement {
  readonly told: ExplainedPolicy;
  /** The parameters that hold; null when the policy does not run. */
  readonly params: SnapshotPolicy['params'] | null;
}

/** Whether a policy runs, and why. */
export function judgePolicy(policy: SnapshotPolicy, request: PolicyRequest, told: Told): Judgement {
  const { name, condition, paths } = policy;
  const entry = paths === null ? { path: null, params: policy.params } : matchPath(paths, request);
  const head = { name, category: findPolicy(name)?.category ?? 'unknown', condition };
  if (!entry) {
    const named = (paths ?? []).map(({ methods, path }) => `${methods.join('|')} ${path}`).join(', ');
    const why = `none of its paths (${named}) is ${request.method} ${request.template}`;
    return { told: { ...head, where: null, runs: 'no', why }, params: null };
  }
  const { path, params } = entry;
  const place = path === null ? 'it holds for all paths' : `its path ${path} matches`;
  const { runs, why } = judgeCondition(condition, request, told);
  const explained = { ...head, where: path ?? 'global', runs, why: why === null ? place : `${place}; ${why}` };
  return { told: explained, params: runs === 'no' ? null : params };
}

function judgeCondition(
  condition: string | null,
  request: PolicyRequest,
  { metadata, uncertain }: Told,
): { readonly runs: ExplainedPolicy['runs']; readonly why: string | null } {
  if (condition === null) return { runs: 'yes', why: null };
  return byCondition(condition, inputOf(request, metadata), uncertain);
}

function byCondition(
  condition: string,
  input: ConditionInput,
  uncertain: boolean,
): Pick<ExplainedPolicy, 'runs' | 'why'> {
  if (uncertain && condition.includes('Metadata')) {
    return { runs: 'depends', why: 'its condition depends on what earlier policies choose' };
  }
  const result = explainCondition(condition, input);
  switch (result.outcome) {
    case 'true':
      return { runs: 'yes', why: 'its condition is true' };
    case 'false':
      return { runs: 'no', why: 'its condition is false' };
    case 'fails':
      return { runs: 'no', why: `its condition fails: ${result.reason}` };
  }
}

function inputOf({ proxy, method, template, headers }: PolicyRequest, metadata: Told['metadata']): ConditionInput {
  return {
    request: {
      Method: method,
      Path: template,
      Headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
      Metadata: Object.fromEntries(metadata),
    },
    api: { Name: proxy.name, Context: proxy.context },
  };
}
