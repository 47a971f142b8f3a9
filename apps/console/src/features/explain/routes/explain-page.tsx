import { Stack } from '@mantine/core';
import { useRef } from 'react';
import { useSearchParams } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { useExplain } from '../api/explain.ts';
import { ExplainAnswer } from '../components/explain-answer.tsx';
import { NEW_QUESTION } from '../components/explain-draft.ts';
import { ExplainForm } from '../components/explain-form.tsx';

/** What gateways would do with a request, and why. */
export function ExplainPage() {
  const [search] = useSearchParams();
  const explain = useExplain();
  const answer = useRef<HTMLDivElement>(null);
  return (
    <>
      <PageHeader
        title="Explain a request"
        description="Which proxy, key, policies, models and limits it would meet, under the config as it would be published now."
      />
      <Stack gap="lg" maw={880}>
        <ExplainForm
          path={search.get('path') ?? NEW_QUESTION.path}
          onAsk={async (request) => {
            await explain.mutateAsync(request);
            setTimeout(() => answer.current?.scrollIntoView({ block: 'start' }));
          }}
        />
        <div ref={answer} style={{ scrollMarginTop: 80 }}>
          {explain.data && <ExplainAnswer result={explain.data} />}
        </div>
      </Stack>
    </>
  );
}
