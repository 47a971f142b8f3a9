import {
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
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';

/** One page of the navigation. */
export interface NavigationItem {
  readonly label: string;
  readonly to: string;
  readonly icon: Icon;
  /** What the palette says about it. */
  readonly description: string;
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
      { label: 'Usage', to: '/usage', icon: IconChartBar, description: 'Who spends what' },
    ],
  },
  {
    label: 'Gateway',
    items: [
      { label: 'Providers', to: '/providers', icon: IconBuildingFactory2, description: 'Vendors and vLLM servers' },
      { label: 'Proxies', to: '/proxies', icon: IconRoute, description: 'Public endpoints over providers' },
      { label: 'Model prices', to: '/model-prices', icon: IconCoin, description: 'What a million tokens cost' },
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
      { label: 'Settings', to: '/settings/users', icon: IconSettings, description: 'Users and admin tokens' },
    ],
  },
];

/** The groups that somebody with these permissions may read. */
export function navigationFor({ canWrite }: { readonly canWrite: boolean }): readonly NavigationGroup[] {
  return NAVIGATION.filter(({ forAdmins }) => canWrite || !forAdmins);
}
