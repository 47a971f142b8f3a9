import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Stack } from '@mantine/core';
import { LoginRequest } from '@penstock/contracts';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { SecretField, TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { ApiError } from '../../../lib/api-error.ts';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { useLogin } from '../api/login.ts';

/** Email and password. */
export function LoginForm() {
  const [refusal, setRefusal] = useState<string[]>([]);
  const login = useLogin();
  const form = useForm({ resolver: zodResolver(LoginRequest), defaultValues: { email: '', password: '' } });

  const submit = form.handleSubmit(async (credentials) => {
    setRefusal([]);
    try {
      await login.mutateAsync(credentials);
    } catch (error) {
      form.resetField('password');
      setRefusal(refusalOf(error) ?? reportRefusal(form, error));
    }
  });

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <TextField control={form.control} name="email" label="Email" type="email" autoComplete="username" required />
        <SecretField control={form.control} name="password" label="Password" autoComplete="current-password" required />
        <Button type="submit" fullWidth loading={login.isPending}>
          Log in
        </Button>
      </Stack>
    </form>
  );
}

function refusalOf(error: unknown): string[] | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 401) return ['Email or password is wrong.'];
  if (error.status === 429)
    return ['Too many failed attempts. Logging in is locked for a while; try again later.', error.message];
  return undefined;
}
