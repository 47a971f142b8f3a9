import { Paper } from '@mantine/core';
import { Outlet } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { usePermissions } from '../lib/session.ts';

/** The pages that only admins may read; a viewer who follows a link learns why there is nothing. */
export function AdminArea() {
  if (usePermissions().canWrite) return <Outlet />;
  return (
    <>
      <PageHeader title="For admins" />
      <Paper bg="var(--penstock-surface)">
        <EmptyState message="This page needs the role of an admin. Ask an owner of this installation for it." />
      </Paper>
    </>
  );
}
