import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FormSection } from '../../../components/form-section.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { useOrganizationTimeZone } from '../../settings/api/organization.ts';
import { limitsQuery, type LimitsOf } from '../api/limits.ts';
import { LimitBar } from './limit-bar.tsx';

interface LiveLimitsProps {
  readonly of: LimitsOf;
  /** What stands here when no quota is attached. */
  readonly none: ReactNode;
}

/** What the limits of something have used, renewed every few seconds. */
export function LiveLimits({ of, none }: LiveLimitsProps) {
  const limits = useQuery(limitsQuery(of));
  const timeZone = useOrganizationTimeZone();
  return (
    <QueryGate result={limits}>
      {({ items }) => (
        <Stack gap="md">
          {items.length === 0 && (
            <Text fz="sm" c="dimmed" component="div">
              {none}
            </Text>
          )}
          {items.map((limit) => (
            <LimitBar
              key={[limit.subject, limit.quota, limit.unit, limit.window, limit.alignment].join(' ')}
              limit={limit}
              timeZone={timeZone}
            />
          ))}
        </Stack>
      )}
    </QueryGate>
  );
}

/** {@link LiveLimits} as a part of a page. */
export function LiveLimitsSection(props: LiveLimitsProps) {
  return (
    <FormSection title="Limits" description="What is used right now, across all gateways.">
      <LiveLimits {...props} />
    </FormSection>
  );
}
