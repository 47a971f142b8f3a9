import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';

interface MoveButtonsProps {
  /** What is moved, in the words of its label. */
  readonly of: string;
  /** 0 first. */
  readonly position: number;
  readonly count: number;
  readonly onMove: (by: -1 | 1) => void;
}

const AT_END = { 'data-disabled': true, bg: 'transparent', opacity: 0.4 } as const;

/** Moves an entry of a list. At an end the button stays where it is, so that the keyboard does not lose its place. */
export function MoveButtons({ of, position, count, onMove }: MoveButtonsProps) {
  const first = position === 0;
  const last = position === count - 1;
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Move ${of} up`}
        aria-disabled={first}
        {...(first ? AT_END : {})}
        onClick={() => !first && onMove(-1)}
      >
        <IconArrowUp size={17} stroke={1.6} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Move ${of} down`}
        aria-disabled={last}
        {...(last ? AT_END : {})}
        onClick={() => !last && onMove(1)}
      >
        <IconArrowDown size={17} stroke={1.6} aria-hidden />
      </ActionIcon>
    </>
  );
}
