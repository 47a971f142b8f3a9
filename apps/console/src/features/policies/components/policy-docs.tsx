import { Code, List, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FormSection } from '../../../components/form-section.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { policyDocsQuery } from '../api/policy-docs.ts';
import { markdownBlocks, type MarkdownBlock } from './markdown-blocks.ts';
import { MarkdownText } from './markdown-text.tsx';

/** The page of a policy in the documentation; `docs` is its path there. */
export function PolicyDocs({ docs }: { readonly docs: string }) {
  const page = useQuery(policyDocsQuery(docs));
  return (
    <FormSection title="Documentation">
      <QueryGate result={page}>
        {(text) =>
          text === null ? (
            <Text fz="sm" c="dimmed">
              See <Code>{docs}</Code> in the repository.
            </Text>
          ) : (
            <Stack gap="md" style={{ overflowWrap: 'anywhere' }}>
              {markdownBlocks(text).map((block, index) => (
                <Block key={index} block={block} />
              ))}
            </Stack>
          )
        }
      </QueryGate>
    </FormSection>
  );
}

function Block({ block }: { readonly block: MarkdownBlock }) {
  switch (block.kind) {
    case 'heading':
      return (
        <Title order={3} fz="sm">
          <MarkdownText text={block.text} />
        </Title>
      );
    case 'paragraph':
      return (
        <Text fz="sm">
          <MarkdownText text={block.text} />
        </Text>
      );
    case 'code':
      return (
        <Code block tabIndex={0} role="region" aria-label="Example" fz={12.5}>
          {block.text}
        </Code>
      );
    case 'list':
      return (
        <List fz="sm" spacing={4}>
          {block.items.map((item) => (
            <List.Item key={item}>
              <MarkdownText text={item} />
            </List.Item>
          ))}
        </List>
      );
    case 'table':
      return <TableBlock header={block.header} rows={block.rows} />;
  }
}

function TableBlock({ header, rows }: Omit<Extract<MarkdownBlock, { kind: 'table' }>, 'kind'>) {
  return (
    <Table.ScrollContainer minWidth={420} type="native" tabIndex={0} role="region" aria-label="Table">
      <Table fz="sm" verticalSpacing={6} horizontalSpacing="sm">
        {header.some(Boolean) && (
          <Table.Thead>
            <Table.Tr>
              {header.map((cell, index) => (
                <Table.Td key={index} fw={600}>
                  <MarkdownText text={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Thead>
        )}
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={index}>
              {row.map((cell, column) => (
                <Table.Td key={column}>
                  <MarkdownText text={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
