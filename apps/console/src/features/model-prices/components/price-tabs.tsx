import { PageTabs } from '../../../components/page-tabs.tsx';

const TABS = [
  { to: '/model-prices', label: 'Own prices' },
  { to: '/price-catalog', label: 'Catalog' },
  { to: '/unpriced-models', label: 'Without a price' },
] as const;

/** The pages of the prices. */
export function PriceTabs() {
  return <PageTabs label="Prices" tabs={TABS} />;
}
