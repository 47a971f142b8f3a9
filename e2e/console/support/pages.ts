/** Every page that needs nothing but a login, with its heading. */
export const PAGES = [
  { path: '/', heading: 'Overview' },
  { path: '/usage', heading: 'Usage' },
  { path: '/providers', heading: 'Providers' },
  { path: '/providers/new', heading: 'New provider' },
  { path: '/proxies', heading: 'Proxies' },
  { path: '/proxies/new', heading: 'New proxy' },
  { path: '/virtual-keys', heading: 'Virtual keys' },
  { path: '/quotas', heading: 'Quotas' },
  { path: '/quotas/new', heading: 'New quota' },
  { path: '/teams', heading: 'Teams' },
  { path: '/model-prices', heading: 'Model prices' },
  { path: '/gateway-instances', heading: 'Gateway instances' },
  { path: '/config-revisions', heading: 'Config revisions' },
  { path: '/audit-log', heading: 'Audit log' },
  { path: '/settings/users', heading: 'Settings' },
  { path: '/settings/admin-tokens', heading: 'Settings' },
] as const;
