import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { CreateUser, UpdateUser, type Role, type User } from '@penstock/contracts';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { SecretField, TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { useCreateUser, useUpdateUser } from '../api/users.ts';
import { ROLES } from './roles.ts';

interface UserDialogProps {
  /** The user to edit, or `new`; null keeps the dialog closed. */
  readonly user: User | 'new' | null;
  readonly onClose: () => void;
}

/** Adds or changes a user. */
export function UserDialog({ user, onClose }: UserDialogProps) {
  return (
    <Modal opened={user !== null} onClose={onClose} title={user === 'new' ? 'New user' : `User ${user?.email ?? ''}`}>
      {user === 'new' && <NewUserForm onClose={onClose} />}
      {user && user !== 'new' && <EditUserForm user={user} onClose={onClose} />}
    </Modal>
  );
}

function NewUserForm({ onClose }: Pick<UserDialogProps, 'onClose'>) {
  const create = useCreateUser();
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm({
    defaultValues: { email: '', displayName: '', role: 'viewer' as Role, password: '' },
    resolver: zodResolver(CreateUser),
  });
  const { control } = form;
  const save = form.handleSubmit(async (user) => {
    setRefusal([]);
    try {
      await create.mutateAsync(user);
      notifyDone(`User ${user.email} was created.`);
      onClose();
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <TextField control={control} name="email" first label="Email" type="email" required />
        <TextField control={control} name="displayName" label="Display name" required />
        <SelectField control={control} name="role" label="Role" data={[...ROLES]} />
        <SecretField
          control={control}
          name="password"
          label="Password"
          description="At least 12 characters."
          required
        />
        <Actions submit="Create user" busy={form.formState.isSubmitting} onClose={onClose} />
      </Stack>
    </form>
  );
}

/** An empty password leaves the old one. */
const userChanges = z
  .custom<{ displayName: string; role: Role; password: string; disabled: boolean }>()
  .transform(({ password, ...changes }): z.input<typeof UpdateUser> => ({
    ...changes,
    ...(password ? { password } : {}),
  }))
  .pipe(UpdateUser);

function EditUserForm({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const update = useUpdateUser(user.id);
  const [refusal, setRefusal] = useState<string[]>([]);
  const { displayName, role, disabled } = user;
  const form = useForm({
    defaultValues: { displayName, role, disabled, password: '' },
    resolver: zodResolver(userChanges),
  });
  const { control } = form;
  const save = form.handleSubmit(async (changes) => {
    setRefusal([]);
    try {
      await update.mutateAsync(changes);
      notifyDone(`User ${user.email} was saved.`);
      onClose();
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <TextField control={control} name="displayName" label="Display name" required />
        <SelectField control={control} name="role" label="Role" data={[...ROLES]} />
        <SecretField
          control={control}
          name="password"
          label="New password"
          description="Leave empty to keep the old one."
        />
        <SwitchField control={control} name="disabled" label="Disabled" description="A disabled user cannot log in." />
        <Actions submit="Save changes" busy={form.formState.isSubmitting} onClose={onClose} />
      </Stack>
    </form>
  );
}

interface ActionsProps {
  readonly submit: string;
  readonly busy: boolean;
  readonly onClose: () => void;
}

function Actions({ submit, busy, onClose }: ActionsProps) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {submit}
      </Button>
    </Group>
  );
}
