import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, type Icon } from '@tabler/icons-react';

/** One action of a {@link RowMenu}. */
export interface RowAction {
  readonly label: string;
  readonly icon: Icon;
  readonly onClick: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
}

interface RowMenuProps {
  /** What the actions are for: `Actions for lab-vllm`. */
  readonly label: string;
  readonly actions: readonly RowAction[];
}

/** The actions of a row. */
export function RowMenu({ label, actions }: RowMenuProps) {
  if (actions.length === 0) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label: text, icon: Icon, onClick, danger, disabled }) => (
          <Menu.Item
            key={text}
            onClick={onClick}
            disabled={disabled ?? false}
            leftSection={<Icon size={16} stroke={1.7} aria-hidden />}
            {...(danger ? { c: 'var(--mantine-color-error)' } : {})}
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
