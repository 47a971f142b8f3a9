import { queryOptions } from '@tanstack/react-query';

// The pages come with the console, so that they fit its release and need no other site; each is loaded when it is opened.
const pages = import.meta.glob<string>('../../../../../../docs/policies/*.md', { query: '?raw', import: 'default' });

/** The text of a page, by its path in the repository; null where the console was built without it. */
export const policyDocsQuery = (docs: string) =>
  queryOptions({
    queryKey: ['policy-docs', docs],
    queryFn: async () => (await pages[`../../../../../../${docs}`]?.()) ?? null,
    staleTime: Infinity,
  });
