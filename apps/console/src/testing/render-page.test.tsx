import { jest } from '@jest/globals';
import { MantineProvider } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { configure, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { MemoryRouter } from 'react-router';
import { theme } from '../app/theme.ts';
import { createQueryClient, SESSION_KEY } from '../lib/query-client.ts';

// A busy machine takes its time; what never appears fails all the same.
configure({ asyncUtilTimeout: 5_000 });
jest.setTimeout(30_000);

const OWNER = {
  user: { id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', email: 'owner@example.com', displayName: 'Owner', role: 'owner' },
  csrfToken: 'csrf-of-the-session',
  expiresAt: '2030-01-01T00:00:00.000Z',
};

/** Renders a page as the owner sees it. Returns the query client, so that a test can look at what is cached. */
export function renderPage(page: ReactElement, path = '/'): QueryClient {
  notifications.clean(); // toasts live outside of what is rendered
  const queryClient = createQueryClient();
  queryClient.setQueryData(SESSION_KEY, OWNER);
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <Notifications />
        <MemoryRouter initialEntries={[path]}>{page}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return queryClient;
}
