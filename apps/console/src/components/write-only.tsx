import type { ReactNode } from 'react';
import { usePermissions } from '../lib/session.ts';

/** Shows its content to those who may change resources. */
export function WriteOnly({ children }: { readonly children: ReactNode }) {
  return usePermissions().canWrite ? <>{children}</> : null;
}
