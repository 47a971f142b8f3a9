import { Alert, List, Stack, Text } from '@mantine/core';
import type { ExplainResult } from '@penstock/contracts';
import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import { DataTable } from '../../../components/data-table.tsx';
import { FactList, type Fact } from '../../../components/fact-list.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { LIMIT_COLUMNS, POLICY_COLUMNS, TARGET_COLUMNS } from './explain-columns.tsx';

/** What gateways would do: the verdict first, then each step on the way to it. */
export function ExplainAnswer({ result }: { readonly result: ExplainResult }) {
  const { policies, targets, limits } = result;
  return (
    <Stack gap="lg" role="region" aria-label="Answer">
      <Verdict verdict={result.verdict} />
      <FormSection title="Way">
        <FactList facts={factsOf(result)} />
      </FormSection>
      <FormSection title="Policies">
        <DataTable
          label="Policies"
          columns={POLICY_COLUMNS}
          rows={policies}
          rowKey={(policy) => String(policies.indexOf(policy))}
          empty={<None text="None stands in the way." />}
        />
      </FormSection>
      <FormSection title="Targets" description="In the order in which they are tried.">
        <DataTable
          label="Targets"
          columns={TARGET_COLUMNS}
          rows={targets}
          rowKey={(target) => String(targets.indexOf(target))}
          empty={<None text="None: no model is asked." />}
        />
      </FormSection>
      <FormSection title="Limits">
        <DataTable
          label="Limits"
          columns={LIMIT_COLUMNS}
          rows={limits}
          rowKey={(limit) => String(limits.indexOf(limit))}
          empty={<None text="None applies." />}
        />
      </FormSection>
    </Stack>
  );
}

function None({ text }: { readonly text: string }) {
  return (
    <Text fz="sm" c="dimmed">
      {text}
    </Text>
  );
}

function Verdict({ verdict: { admitted, error, notes } }: Pick<ExplainResult, 'verdict'>) {
  const Icon = admitted ? IconCircleCheck : IconBan;
  return (
    <Alert
      color={admitted ? 'green' : 'red'}
      variant="light"
      icon={<Icon aria-hidden />}
      title={admitted ? 'It would be admitted' : `It would be refused with ${error?.status ?? 'an error'}`}
      role="status"
    >
      {error && (
        <Text fz="sm">
          {error.message} ({error.code})
        </Text>
      )}
      {notes.length > 0 && (
        <List fz="sm" mt={error ? 4 : 0}>
          {notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

function factsOf({ proxy, operation, authentication, model, hold }: ExplainResult): readonly Fact[] {
  return [
    { label: 'Proxy', value: proxy ? `${proxy.name}: ${proxy.why}` : 'none' },
    ...(operation ? [{ label: 'Operation', value: operationOf(operation) }] : []),
    ...(authentication ? [{ label: 'Key', value: keyOf(authentication) }] : []),
    ...(model ? [{ label: 'Model', value: `${model.asked ?? 'none'}: ${model.why}` }] : []),
    ...(hold ? [{ label: 'Will use', value: `probably ${estimateOf(hold.probable)}` }] : []),
    ...(hold ? [{ label: 'At most', value: estimateOf(hold.most) }] : []),
  ];
}

function operationOf({ operation, dialect, path }: NonNullable<ExplainResult['operation']>): string {
  return operation === null ? `${path}, answered by the gateway itself` : `${operation} in ${dialect ?? 'no dialect'}`;
}

function keyOf({ required, virtualKey, team, usable, reasons }: NonNullable<ExplainResult['authentication']>): string {
  if (!required) return 'none is asked for';
  if (virtualKey === null) return 'none was named';
  const owner = team === null ? '' : ` of ${team}`;
  return usable === false ? `${virtualKey}${owner}: ${reasons.join('; ')}` : `${virtualKey}${owner} may be used`;
}

type Estimate = NonNullable<ExplainResult['hold']>['most'];

function estimateOf({ inputTokens, outputTokens, costMicroUsd }: Estimate): string {
  const cost = costMicroUsd === null ? 'unknown cost' : formatCost(costMicroUsd);
  return `${formatCount(inputTokens)} input and ${formatCount(outputTokens)} output tokens, ${cost}`;
}
