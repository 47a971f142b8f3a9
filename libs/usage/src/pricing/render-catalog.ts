import type { PriceCatalog } from '@penstock/contracts';

/** The catalog as JSON with one model on each line, so that two of them can be compared line by line. */
export function renderCatalog({ templates, ...head }: PriceCatalog): string {
  const header = Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},\n`);
  const sections = Object.entries(templates).map(([template, models]) => {
    const lines = Object.entries(models).map(([model, price]) => `${JSON.stringify(model)}:${JSON.stringify(price)}`);
    return `${JSON.stringify(template)}:{\n${lines.join(',\n')}\n}`;
  });
  return `{\n${header.join('')}"templates":{\n${sections.join(',\n')}\n}\n}\n`;
}
