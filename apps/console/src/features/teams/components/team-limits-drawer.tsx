import { Drawer } from '@mantine/core';
import { LiveLimits } from '../../quotas/components/live-limits.tsx';

interface TeamLimitsDrawerProps {
  /** Name of the team; null keeps the drawer closed. */
  readonly name: string | null;
  readonly onClose: () => void;
}

/** What a team has used of its limits. */
export function TeamLimitsDrawer({ name, onClose }: TeamLimitsDrawerProps) {
  return (
    <Drawer opened={name !== null} onClose={onClose} position="right" size="md" title={`Limits of ${name ?? ''}`}>
      {name !== null && (
        <LiveLimits
          of={{ kind: 'team', name }}
          none="No quota limits this team as a whole. What each key has for itself stands on the key’s page."
        />
      )}
    </Drawer>
  );
}
