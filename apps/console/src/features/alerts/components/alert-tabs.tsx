import { PageTabs } from '../../../components/page-tabs.tsx';

const TABS = [
  { to: '/alerts', label: 'Fired' },
  { to: '/alerts/channels', label: 'Channels' },
] as const;

/** The pages of the alerts. */
export function AlertTabs() {
  return <PageTabs label="Alerts" tabs={TABS} />;
}
