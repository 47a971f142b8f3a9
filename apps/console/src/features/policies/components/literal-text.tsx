import { Code } from '@mantine/core';
import { Fragment } from 'react';

/** A sentence in which words between backticks are shown as they are written. */
export function LiteralText({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
    );
}
