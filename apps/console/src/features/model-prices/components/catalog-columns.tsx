import { Badge, List, Text, Tooltip } from '@mantine/core';
import type { CatalogModel } from '@penstock/contracts';
import type { Column } from '../../../components/data-table.tsx';
import { formatPrice } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { FURTHER_KINDS } from './price-kinds.ts';

/** The columns of the catalog's models. */
export const CATALOG_COLUMNS: readonly Column<CatalogModel>[] = [
  {
    header: 'Model',
    render: ({ model, template }) => (
      <>
        <Text fz="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {model}
        </Text>
        <Text fz="xs" c="dimmed">
          {template}
        </Text>
      </>
    ),
  },
  { header: 'Input', align: 'right', render: ({ inputPerMillion }) => formatPrice(inputPerMillion) },
  { header: 'Output', align: 'right', render: ({ outputPerMillion }) => formatPrice(outputPerMillion) },
  {
    header: 'Cached input',
    align: 'right',
    visibleFrom: 'sm',
    render: ({ cachedInputPerMillion, inputPerMillion }) => formatPrice(cachedInputPerMillion ?? inputPerMillion),
  },
  { header: 'More', visibleFrom: 'sm', render: (model) => <FurtherPrices model={model} /> },
];

function FurtherPrices({ model }: { readonly model: CatalogModel }) {
  const lines = [
    ...FURTHER_KINDS.flatMap(({ name, label }) => {
      const price = model[name];
      return price === undefined ? [] : [`${label} ${formatPrice(price)}`];
    }),
    ...(model.tiers ?? []).map(
      (tier) =>
        `Above ${formatCount(tier.aboveInputTokens)} input tokens: ${formatPrice(tier.inputPerMillion)} in, ` +
        `${formatPrice(tier.outputPerMillion)} out`,
    ),
  ];
  if (lines.length === 0) return '–';
  const list = (
    <List fz="xs" listStyleType="none">
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
  return (
    <Tooltip label={list} multiline>
      <Badge variant="default" fw={450} tabIndex={0} aria-label={lines.join('; ')} role="note">
        {lines.length === 1 ? '1 more' : `${lines.length} more`}
      </Badge>
    </Tooltip>
  );
}
