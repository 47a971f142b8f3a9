import type { Role } from '@penstock/contracts';

/** What each role may do, the least first. */
export const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer: reads' },
  { value: 'admin', label: 'Admin: also changes resources' },
  { value: 'owner', label: 'Owner: also manages users' },
];
