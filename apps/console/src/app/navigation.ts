import {
  IconBell,
  IconBuildingFactory2,
  IconChartBar,
  IconCoin,
  IconGauge,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListSearch,
  IconRoute,
  IconServer2,
  IconSettings,
  IconShieldCheck,
  IconUsersGroup,
  IconZoomQuestion,
  type Icon,
} from '@tabler/icons-react';

/** One page of the navigation. */
export interface NavigationItem {
  readonly label: string;
  readonly to: string;
  readonly icon: Icon;
  /** What the palette says about it. */
  readonly description: string;
  /** Further pages of the same part, which only the palette lists. */
  readonly parts?: readonly { readonly label: string; readonly to: string; readonly description: string }[];
}

/** Pages under a common heading. */
export interface NavigationGroup {
  readonly label: string;
  /** Only admins may read these pages. */
  readonly forAdmins?: boolean;
  readonly items: readonly NavigationItem[];
}

/** Every page of the console, in the order of the side bar and of the palette. */
const NAVIGATION: readonly NavigationGroup[] = [
  {
    label: 'Observe',
    items: [
      { label: 'Overview', to: '/', icon: IconLayoutDashboard, description: 'Requests, tokens and cost at a glance' },
      {
        label: 'Usage',
        to: '/usage',
        icon: IconChartBar,
        description: 'Who spends what',
        parts: [
          { label: 'Requests', to: '/usage/requests', description: 'Single requests with tokens, cost and latency' },
          { label: 'Books', to: '/usage/books', description: 'Whether usage, sums and limits tell the same' },
        ],
      },
      {
        label: 'Alerts',
        to: '/alerts',
        icon: IconBell,
        description: 'What needs an eye, and who was told',
        parts: [{ label: 'Alert channels', to: '/alerts/channels', description: 'Webhooks, Slack and email' }],
      },
    ],
  },
  {
    label: 'Gateway',
    items: [
      { label: 'Providers', to: '/providers', icon: IconBuildingFactory2, description: 'Vendors and vLLM servers' },
      { label: 'Proxies', to: '/proxies', icon: IconRoute, description: 'Public endpoints over providers' },
      { label: 'Policies', to: '/policies', icon: IconShieldCheck, description: 'Guardrails, routing and more' },
      { label: 'Explain', to: '/explain', icon: IconZoomQuestion, description: 'What would become of a request' },
      {
        label: 'Model prices',
        to: '/model-prices',
        icon: IconCoin,
        description: 'What a million tokens cost',
        parts: [
          { label: 'Price catalog', to: '/price-catalog', description: 'List prices of vendors' },
          { label: 'Models without a price', to: '/unpriced-models', description: 'Whose cost is unknown' },
        ],
      },
      {
        label: 'Gateway instances',
        to: '/gateway-instances',
        icon: IconServer2,
        description: 'What runs, and with which revision',
      },
      { label: 'Config revisions', to: '/config-revisions', icon: IconHistory, description: 'History and rollback' },
    ],
  },
  {
    label: 'Access',
    items: [
      { label: 'Virtual keys', to: '/virtual-keys', icon: IconKey, description: 'Keys that callers use' },
      { label: 'Quotas', to: '/quotas', icon: IconGauge, description: 'Limits on requests, tokens and cost' },
      { label: 'Teams', to: '/teams', icon: IconUsersGroup, description: 'Owners of keys' },
    ],
  },
  {
    label: 'Administration',
    forAdmins: true,
    items: [
      { label: 'Audit log', to: '/audit-log', icon: IconListSearch, description: 'Who changed what' },
      {
        label: 'Settings',
        to: '/settings/organization',
        icon: IconSettings,
        description: 'Time zone and limits of the organization',
        parts: [
          { label: 'Users', to: '/settings/users', description: 'Who may log in' },
          { label: 'Admin tokens', to: '/settings/admin-tokens', description: 'For scripts and pipelines' },
        ],
      },
    ],
  },
];

/** The groups that somebody with these permissions may read. */
export function navigationFor({ canWrite }: { readonly canWrite: boolean }): readonly NavigationGroup[] {
  return NAVIGATION.filter(({ forAdmins }) => canWrite || !forAdmins);
}
