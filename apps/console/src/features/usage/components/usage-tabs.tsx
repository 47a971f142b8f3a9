import { PageTabs } from '../../../components/page-tabs.tsx';

const TABS = [
  { to: '/usage', label: 'Sums' },
  { to: '/usage/requests', label: 'Requests' },
  { to: '/usage/books', label: 'Books' },
] as const;

/** The pages of the usage; range and filters go along. */
export function UsageTabs() {
  return <PageTabs label="Usage" tabs={TABS} keepSearch />;
}
