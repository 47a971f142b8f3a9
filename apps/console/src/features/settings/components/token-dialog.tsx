import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { CreateAdminToken, type Role } from '@penstock/contracts';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { ShownOnce } from '../../../components/shown-once.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { useIssueAdminToken } from '../api/admin-tokens.ts';
import { ROLES } from './roles.ts';

interface TokenDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Issues an admin token and shows it once. */
export function TokenDialog({ opened, onClose }: TokenDialogProps) {
  const [token, setToken] = useState<string | null>(null);
  const close = () => {
    setToken(null);
    onClose();
  };
  const closable = token === null;
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={closable ? 'New admin token' : 'The token is ready'}
      withCloseButton={closable}
      closeOnClickOutside={closable}
      closeOnEscape={closable}
      size="lg"
    >
      {closable ? (
        <TokenForm onClose={close} onIssued={setToken} />
      ) : (
        <ShownOnce what="token" value={token} onStored={close} />
      )}
    </Modal>
  );
}

/** An empty date stands for a token that never expires. */
const tokenRequest = z
  .custom<{ name: string; role: Role; expiresAt: string }>()
  .transform(({ expiresAt, ...token }): z.input<typeof CreateAdminToken> => ({
    ...token,
    expiresAt: expiresAt ? new Date(expiresAt).toISOString() : null,
  }))
  .pipe(CreateAdminToken);

interface TokenFormProps {
  readonly onClose: () => void;
  readonly onIssued: (token: string) => void;
}

function TokenForm({ onClose, onIssued }: TokenFormProps) {
  const issue = useIssueAdminToken();
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm({
    defaultValues: { name: '', role: 'admin' as Role, expiresAt: '' },
    resolver: zodResolver(tokenRequest),
  });
  const { control } = form;
  const save = form.handleSubmit(async (request) => {
    setRefusal([]);
    try {
      onIssued(await issue(request));
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <TextField
          control={control}
          name="name"
          first
          label="Name"
          description="What will use it, such as a pipeline."
          required
        />
        <SelectField control={control} name="role" label="Role" data={[...ROLES]} />
        <TextField
          control={control}
          name="expiresAt"
          label="Expires"
          description="Empty: never."
          type="datetime-local"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.formState.isSubmitting}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
