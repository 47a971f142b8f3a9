import { Alert, Anchor, Group } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';

interface MissingCredentialsProps {
  /** Names of the providers that a rollback left without the credential that they had. */
  readonly providers: readonly string[];
  readonly onClose: () => void;
}

/** Says which credentials have to be entered again after a rollback. Nothing where there is none. */
export function MissingCredentials({ providers, onClose }: MissingCredentialsProps) {
  if (providers.length === 0) return null;
  return (
    <Alert
      color="orange"
      variant="light"
      mb="md"
      icon={<IconAlertTriangle aria-hidden />}
      title="Credentials have to be entered again"
      role="alert"
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={onClose}
    >
      These providers were deleted, moved or stripped of their credential since. They are back without one:
      <Group gap="sm" mt={4}>
        {providers.map((name) => (
          <Anchor key={name} component={Link} to={`/providers/${encodeURIComponent(name)}`} fz="sm">
            {name}
          </Anchor>
        ))}
      </Group>
    </Alert>
  );
}
