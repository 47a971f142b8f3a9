import { Button, Code, FileButton, Group, Progress, Text } from '@mantine/core';
import type { PriceCatalogStatus } from '@penstock/contracts';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { FactList } from '../../../components/fact-list.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import { ApiError, messageOf } from '../../../lib/api-error.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { useResetCatalog, useUploadCatalog } from '../api/price-catalog.ts';

/** Which catalog is in use, and how to put another one in its place. */
export function CatalogStatusSection({ status }: { readonly status: PriceCatalogStatus }) {
  return (
    <FormSection title="Catalog in use">
      <FactList
        facts={[
          {
            label: 'Origin',
            value: (
              <StateBadge tone={status.uploaded ? 'info' : 'good'} label={status.uploaded ? 'uploaded' : 'built in'} />
            ),
          },
          { label: 'Source', value: status.source },
          { label: 'Licence', value: status.license },
          { label: 'Of', value: status.date },
          { label: 'Models', value: formatCount(status.models) },
          { label: 'Hash', value: <Hash sha256={status.sha256} /> },
          { label: 'Source hash', value: <Hash sha256={status.sourceSha256} /> },
          ...(status.updatedAt ? [{ label: 'Uploaded', value: <RelativeTime iso={status.updatedAt} /> }] : []),
        ]}
      />
      <WriteOnly>
        <Replace uploaded={status.uploaded} />
      </WriteOnly>
    </FormSection>
  );
}

function Hash({ sha256 }: { readonly sha256: string }) {
  return <Code title={sha256}>{sha256.slice(0, 12)}…</Code>;
}

function Replace({ uploaded }: { readonly uploaded: boolean }) {
  const upload = useUploadCatalog();
  const reset = useResetCatalog();
  const [progress, setProgress] = useState(0);
  const [asking, setAsking] = useState(false);
  const send = (file: File | null) => {
    if (!file) return;
    setProgress(0);
    upload.mutate(
      { file, onProgress: setProgress },
      { onSuccess: () => notifyDone(`The catalog of ${file.name} is in use.`) },
    );
  };
  return (
    <>
      <Text fz="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        A price catalog as JSON, or LiteLLM’s model_prices_and_context_window.json, which is converted. Costs from then
        on are counted with its prices.
      </Text>
      {upload.isPending && (
        <Progress value={progress * 100} animated aria-label="Upload of the catalog" striped={progress === 1} />
      )}
      <FormRefusal messages={upload.error ? linesOf(upload.error) : []} />
      <Group gap="sm">
        <FileButton onChange={send} accept="application/json,.json">
          {(props) => (
            <Button
              {...props}
              variant="default"
              leftSection={<IconUpload size={16} aria-hidden />}
              loading={upload.isPending}
            >
              Upload a catalog
            </Button>
          )}
        </FileButton>
        {uploaded && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Back to the built-in
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={asking}
        title="Back to the built-in catalog"
        action="Use the built-in catalog"
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await reset.mutateAsync();
          notifyDone('The built-in catalog is in use.');
        }}
      >
        The uploaded catalog is dropped. Costs that were counted stay.
      </ConfirmDialog>
    </>
  );
}

/** Faults that a refusal names; a damaged file has thousands. */
const SHOWN_FAULTS = 5;

function linesOf(error: Error): string[] {
  const errors = error instanceof ApiError ? error.errors : [];
  const lines = errors.slice(0, SHOWN_FAULTS).map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const more = errors.length - lines.length;
  return [messageOf(error), ...lines, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])];
}
