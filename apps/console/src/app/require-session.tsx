import { Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from 'react-router';
import { ErrorPanel } from '../components/error-panel.tsx';
import { PageLoader } from '../components/page-loader.tsx';
import { loginPath } from '../features/auth/components/login-path.ts';
import { sessionQuery } from '../lib/session.ts';
import { Layout } from './layout.tsx';

/** The pages for those who are logged in; everybody else goes to the login page and comes back. */
export function RequireSession() {
  const location = useLocation();
  const session = useQuery(sessionQuery);
  if (session.data) return <Layout />;
  if (session.data === null) return <Navigate to={loginPath(location)} replace />;
  if (!session.error) return <PageLoader />;
  return (
    <Center mih="100vh" p="md">
      <ErrorPanel error={session.error} onRetry={() => void session.refetch()} />
    </Center>
  );
}
