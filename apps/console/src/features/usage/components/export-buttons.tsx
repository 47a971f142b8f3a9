import { Button } from '@mantine/core';
import { IconDownload, IconFileInvoice } from '@tabler/icons-react';
import { useReducer, type ReactNode } from 'react';
import { exportLink, type UsageExport } from './export-links.ts';
import type { UsageView } from './usage-range.ts';

/** Downloads of what the page shows. */
export function ExportButtons({ view }: { readonly view: UsageView }) {
  return (
    <>
      <ExportButton view={view} file="export.csv" label="Export CSV" icon={<IconDownload size={16} aria-hidden />} />
      <ExportButton
        view={view}
        file="focus.csv"
        label="FOCUS export"
        icon={<IconFileInvoice size={16} aria-hidden />}
      />
    </>
  );
}

interface ExportButtonProps {
  readonly view: UsageView;
  readonly file: UsageExport;
  readonly label: string;
  readonly icon: ReactNode;
}

function ExportButton({ view, file, label, icon }: ExportButtonProps) {
  // A range that ends now ends when the button is used, and not when the page was opened.
  const [, renew] = useReducer((renewals: number) => renewals + 1, 0);
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
