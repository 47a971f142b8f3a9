import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { BrandMark } from '../../../components/brand.tsx';
import { sessionQuery } from '../../../lib/session.ts';
import { LoginForm } from '../components/login-form.tsx';
import { placeAfterLogin } from '../components/login-path.ts';

/** The way in. Leads on by itself as soon as a session exists. */
export function LoginPage() {
  const [search] = useSearchParams();
  const session = useQuery(sessionQuery);
  if (session.data) return <Navigate to={placeAfterLogin(search.get('next'))} replace />;
  return (
    <Center mih="100vh" p="md" component="main">
      <title>Log in · Penstock</title>
      <Stack w="100%" maw={400} gap="xl">
        <Stack align="center" gap="xs">
          <BrandMark size={48} />
          <Title order={1} ta="center">
            Log in to Penstock
          </Title>
          <Text c="dimmed" fz="sm" ta="center">
            One gateway for every model, with the meter running.
          </Text>
        </Stack>
        <Paper p="xl" bg="var(--penstock-surface)" shadow="xs">
          <LoginForm />
        </Paper>
      </Stack>
    </Center>
  );
}
