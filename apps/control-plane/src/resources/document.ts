import type { Metadata } from '@penstock/contracts';
import type { ResourceRow } from './resource-row.ts';

interface BaseStatus {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The parts of a document that every kind has. */
export function documentOf<Kind extends string, Spec, Status extends object>(
  kind: Kind,
  row: ResourceRow,
  spec: Spec,
  status: Status,
) {
  return {
    apiVersion: 'penstock.dev/v1' as const,
    kind,
    metadata: { name: row.name, labels: row.labels, annotations: row.annotations } as Metadata,
    spec,
    status: { ...baseStatus(row), ...status },
  };
}

function baseStatus(row: ResourceRow): BaseStatus {
  return { id: row.id, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
