import { Button } from '@mantine/core';
import { IconDownload, IconFileInvoice } from '@tabler/icons-react';
import { useReducer } from 'react';
import { exportLink, type UsageExport } from './export-links.ts';
import type { UsageView } from './usage-range.ts';

const LOOKS = {
  'export.csv': { label: 'Export CSV', icon: <IconDownload size={16} aria-hidden /> },
  'focus.csv': { label: 'FOCUS export', icon: <IconFileInvoice size={16} aria-hidden /> },
} as const;

interface ExportButtonProps {
  readonly view: UsageView;
  readonly file: UsageExport;
}

/** Downloads what the page shows. */
export function ExportButton({ view, file }: ExportButtonProps) {
  // A range that ends now ends when the button is used, and not when the page was opened.
  const [, renew] = useReducer((renewals: number) => renewals + 1, 0);
  const { label, icon } = LOOKS[file];
  return (
    <Button
      variant="default"
      component="a"
      href={exportLink(file, view)}
      download
      leftSection={icon}
      onPointerDown={renew}
      onFocus={renew}
      onMouseEnter={renew}
    >
      {label}
    </Button>
  );
}
