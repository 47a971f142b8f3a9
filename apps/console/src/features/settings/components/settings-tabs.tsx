import { PageTabs } from '../../../components/page-tabs.tsx';

const TABS = [
  { to: '/settings/organization', label: 'Organization' },
  { to: '/settings/users', label: 'Users' },
  { to: '/settings/admin-tokens', label: 'Admin tokens' },
] as const;

/** The pages of the settings. */
export function SettingsTabs() {
  return <PageTabs label="Settings" tabs={TABS} />;
}
