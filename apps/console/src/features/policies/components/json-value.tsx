import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { deepMessage } from './field-messages.ts';
import { LiteralText } from './literal-text.tsx';
import type { SchemaFieldProps } from './schema-field-props.ts';
import { UnfinishedJson } from './schema-value.ts';

/** A value that no field can show, as JSON. Text that is not JSON is kept, and refused when the form is saved. */
export function JsonValue({ schema, label, value, onChange, error, required, hideLabel = false }: SchemaFieldProps) {
  const [text, setText] = useState(() => textOf(value));
  const change = (typed: string) => {
    setText(typed);
    onChange(typed.trim() === '' ? undefined : parsed(typed));
  };
  const broken = value instanceof UnfinishedJson && deepMessage(error) === undefined;
  return (
    <Textarea
      {...(hideLabel ? { 'aria-label': label } : { label, withAsterisk: required })}
      description={schema.description ? <LiteralText text={schema.description} /> : 'As JSON.'}
      aria-required={required}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      autosize
      minRows={3}
      maxRows={16}
      spellCheck={false}
      placeholder={'{ }'}
      styles={{
        input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' },
      }}
      error={broken ? 'must be JSON' : deepMessage(error)}
    />
  );
}

function textOf(value: unknown): string {
  if (value instanceof UnfinishedJson) return value.text;
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return new UnfinishedJson(text);
  }
}
