import { useSearchParams } from 'react-router';
import { readUsageView, type UsageView } from './usage-range.ts';

/** Changes parameters of the URL; null removes one. */
export type ChangeUsageView = (changes: Readonly<Record<string, string | null>>) => void;

/** What the pages of the usage show, as it stands in the URL. */
export function useUsageView(): { view: UsageView; search: URLSearchParams; change: ChangeUsageView } {
  const [search, setSearch] = useSearchParams();
  const change: ChangeUsageView = (changes) =>
    setSearch((current) => {
      const next = new URLSearchParams(current);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  return { view: readUsageView(search), search, change };
}
