import { Anchor, Code, Text } from '@mantine/core';
import { Link } from 'react-router';

/** A line of Markdown: code, bold text and links. What leads to other files of the repository stays text. */
export function MarkdownText({ text }: { readonly text: string }) {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/)
    .map((part, index) => <MarkdownPart key={index} part={part} />);
}

function MarkdownPart({ part }: { readonly part: string }) {
  if (/^`.+`$/.test(part)) return <Code>{part.slice(1, -1)}</Code>;
  if (/^\*\*.+\*\*$/.test(part)) {
    return (
      <Text span fw={650} inherit>
        <MarkdownText text={part.slice(2, -2)} />
      </Text>
    );
  }
  const [, label, target] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? [];
  return label === undefined || target === undefined ? part : <MarkdownLink label={label} target={target} />;
}

function MarkdownLink({ label, target }: { readonly label: string; readonly target: string }) {
  if (/^https?:/.test(target)) {
    return (
      <Anchor href={target} target="_blank" rel="noreferrer" underline="always" inherit>
        {label}
      </Anchor>
    );
  }
  const [, policy] = /^([a-z0-9-]+)\.md$/.exec(target) ?? [];
  if (!policy) return <MarkdownText text={label} />;
  return (
    <Anchor component={Link} to={`/policies/${policy}`} underline="always" inherit>
      {label.replaceAll('`', '')}
    </Anchor>
  );
}
