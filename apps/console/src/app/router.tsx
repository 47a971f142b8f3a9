import { createBrowserRouter, redirect, type RouteObject } from 'react-router';
import { PageLoader } from '../components/page-loader.tsx';
import { AdminArea } from './admin-area.tsx';
import { NotFoundPage, RouteError } from './route-error.tsx';
import { RequireSession } from './require-session.tsx';

/** The pages for admins. */
const adminPages: RouteObject[] = [
  {
    path: 'audit-log',
    lazy: async () => ({ Component: (await import('../features/audit/routes/audit-log-page.tsx')).AuditLogPage }),
  },
  { path: 'settings', loader: () => redirect('/settings/organization') },
  {
    path: 'settings/organization',
    lazy: async () => ({
      Component: (await import('../features/settings/routes/organization-page.tsx')).OrganizationPage,
    }),
  },
  {
    path: 'settings/users',
    lazy: async () => ({ Component: (await import('../features/settings/routes/users-page.tsx')).UsersPage }),
  },
  {
    path: 'settings/admin-tokens',
    lazy: async () => ({
      Component: (await import('../features/settings/routes/admin-tokens-page.tsx')).AdminTokensPage,
    }),
  },
];

/** The pages behind the login; each loads its code when it is first opened. */
const pages: RouteObject[] = [
  {
    index: true,
    lazy: async () => ({ Component: (await import('../features/overview/routes/overview-page.tsx')).OverviewPage }),
  },
  {
    path: 'providers',
    lazy: async () => ({ Component: (await import('../features/providers/routes/providers-page.tsx')).ProvidersPage }),
  },
  {
    path: 'providers/new',
    lazy: async () => ({
      Component: (await import('../features/providers/routes/new-provider-page.tsx')).NewProviderPage,
    }),
  },
  {
    path: 'providers/:name',
    lazy: async () => ({ Component: (await import('../features/providers/routes/provider-page.tsx')).ProviderPage }),
  },
  {
    path: 'proxies',
    lazy: async () => ({ Component: (await import('../features/proxies/routes/proxies-page.tsx')).ProxiesPage }),
  },
  {
    path: 'proxies/new',
    lazy: async () => ({ Component: (await import('../features/proxies/routes/new-proxy-page.tsx')).NewProxyPage }),
  },
  {
    path: 'proxies/:name',
    lazy: async () => ({ Component: (await import('../features/proxies/routes/proxy-page.tsx')).ProxyPage }),
  },
  {
    path: 'policies',
    lazy: async () => ({ Component: (await import('../features/policies/routes/policies-page.tsx')).PoliciesPage }),
  },
  {
    path: 'policies/:name',
    lazy: async () => ({ Component: (await import('../features/policies/routes/policy-page.tsx')).PolicyPage }),
  },
  {
    path: 'explain',
    lazy: async () => ({ Component: (await import('../features/explain/routes/explain-page.tsx')).ExplainPage }),
  },
  {
    path: 'virtual-keys',
    lazy: async () => ({
      Component: (await import('../features/virtual-keys/routes/virtual-keys-page.tsx')).VirtualKeysPage,
    }),
  },
  {
    path: 'virtual-keys/:name',
    lazy: async () => ({
      Component: (await import('../features/virtual-keys/routes/virtual-key-page.tsx')).VirtualKeyPage,
    }),
  },
  {
    path: 'quotas',
    lazy: async () => ({ Component: (await import('../features/quotas/routes/quotas-page.tsx')).QuotasPage }),
  },
  {
    path: 'quotas/new',
    lazy: async () => ({ Component: (await import('../features/quotas/routes/new-quota-page.tsx')).NewQuotaPage }),
  },
  {
    path: 'quotas/:name',
    lazy: async () => ({ Component: (await import('../features/quotas/routes/quota-page.tsx')).QuotaPage }),
  },
  {
    path: 'model-prices',
    lazy: async () => ({
      Component: (await import('../features/model-prices/routes/model-prices-page.tsx')).ModelPricesPage,
    }),
  },
  {
    path: 'model-prices/new',
    lazy: async () => ({
      Component: (await import('../features/model-prices/routes/new-model-price-page.tsx')).NewModelPricePage,
    }),
  },
  {
    path: 'model-prices/:name',
    lazy: async () => ({
      Component: (await import('../features/model-prices/routes/model-price-page.tsx')).ModelPricePage,
    }),
  },
  {
    path: 'price-catalog',
    lazy: async () => ({
      Component: (await import('../features/model-prices/routes/price-catalog-page.tsx')).PriceCatalogPage,
    }),
  },
  {
    path: 'unpriced-models',
    lazy: async () => ({
      Component: (await import('../features/model-prices/routes/unpriced-models-page.tsx')).UnpricedModelsPage,
    }),
  },
  {
    path: 'teams',
    lazy: async () => ({ Component: (await import('../features/teams/routes/teams-page.tsx')).TeamsPage }),
  },
  {
    path: 'usage',
    lazy: async () => ({ Component: (await import('../features/usage/routes/usage-page.tsx')).UsagePage }),
  },
  {
    path: 'usage/requests',
    lazy: async () => ({ Component: (await import('../features/usage/routes/requests-page.tsx')).RequestsPage }),
  },
  {
    path: 'usage/books',
    lazy: async () => ({ Component: (await import('../features/usage/routes/books-page.tsx')).BooksPage }),
  },
  {
    path: 'alerts',
    lazy: async () => ({ Component: (await import('../features/alerts/routes/alerts-page.tsx')).AlertsPage }),
  },
  {
    path: 'alerts/channels',
    lazy: async () => ({
      Component: (await import('../features/alerts/routes/alert-channels-page.tsx')).AlertChannelsPage,
    }),
  },
  {
    path: 'gateway-instances',
    lazy: async () => ({
      Component: (await import('../features/gateway-instances/routes/gateway-instances-page.tsx')).GatewayInstancesPage,
    }),
  },
  {
    path: 'config-revisions',
    lazy: async () => ({
      Component: (await import('../features/config-revisions/routes/config-revisions-page.tsx')).ConfigRevisionsPage,
    }),
  },
  { Component: AdminArea, children: adminPages },
  { path: '*', Component: NotFoundPage },
];

/** The console's addresses. */
export function createConsoleRouter() {
  return createBrowserRouter([
    {
      ErrorBoundary: RouteError,
      HydrateFallback: PageLoader,
      children: [
        {
          path: '/login',
          lazy: async () => ({ Component: (await import('../features/auth/routes/login-page.tsx')).LoginPage }),
        },
        { path: '/', Component: RequireSession, children: [{ ErrorBoundary: RouteError, children: pages }] },
      ],
    },
  ]);
}
