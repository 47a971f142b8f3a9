import { Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import classes from './fact-list.module.css';

/** One line of a {@link FactList}. */
export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** Names and values, one below the other. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes.list}>
      {facts.map(({ label, value }) => (
        <Fragment key={label}>
          <Text component="dt" fz="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" fz="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Fragment>
      ))}
    </dl>
  );
}
