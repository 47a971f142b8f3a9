import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';

interface FormActionsProps {
  /** The verb: `Create provider`. */
  readonly submit: string;
  readonly busy: boolean;
  /** Where "Cancel" leads. */
  readonly cancelTo: string;
}

/** The end of a form page. */
export function FormActions({ submit, busy, cancelTo }: FormActionsProps) {
  return (
    <Group justify="flex-end" mt="xs">
      <Button variant="default" component={Link} to={cancelTo}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {submit}
      </Button>
    </Group>
  );
}
