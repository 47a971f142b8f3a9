import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';

interface QueryGateProps<Data> {
  readonly result: { readonly data: Data | undefined; readonly error: unknown; refetch(): unknown };
  readonly children: (data: Data) => ReactNode;
}

/** Shows its content once the data is there: a skeleton before, and the error with a retry when there is none. */
export function QueryGate<Data>({ result, children }: QueryGateProps<Data>) {
  if (result.data !== undefined) return <>{children(result.data)}</>;
  if (result.error) return <ErrorPanel error={result.error} onRetry={() => void result.refetch()} />;
  return (
    <Stack aria-busy="true" aria-label="Loading" role="status">
      <Skeleton height={28} width={260} />
      <Skeleton height={180} />
      <Skeleton height={120} />
    </Stack>
  );
}
