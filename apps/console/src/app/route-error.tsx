import { Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { messageOf } from '../lib/api-error.ts';

/** A page that failed: says so and offers a way on, instead of a white window. */
export function RouteError() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Box p="xl" maw={560} mx="auto" mt="10vh">
      <Problem
        title={missing ? 'There is no such page' : 'This page failed'}
        message={missing ? 'The address may be mistyped, or the page has moved.' : messageOf(error)}
      />
    </Box>
  );
}

/** The page for addresses that lead nowhere. */
export function NotFoundPage() {
  return <Problem title="There is no such page" message="The address may be mistyped, or the page has moved." />;
}

function Problem({ title, message }: { readonly title: string; readonly message: string }) {
  return (
    <Stack role="alert">
      <title>{`${title} · Penstock`}</title>
      <Title order={1}>{title}</Title>
      <Text c="dimmed">{message}</Text>
      <Group>
        <Button onClick={() => window.location.reload()} variant="default">
          Try again
        </Button>
        <Button component={Link} to="/">
          Go to the overview
        </Button>
      </Group>
    </Stack>
  );
}
