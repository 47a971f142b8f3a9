import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_TEMPLATES } from '../llm-provider-templates/built-in-templates.ts';
import { catalogStatus, catalogVersion } from './catalog-in-force.ts';
import { MAX_TEMPLATE_MODELS } from './read-upload.ts';
import { vendoredCatalog } from './vendored-catalog.ts';

describe('the price catalog of the release', () => {
  const inForce = vendoredCatalog();
  const sections = Object.entries(inForce.catalog.templates);

  it('knows models of built-in templates alone', () => {
    expect(sections.map(([template]) => template).filter((template) => !BUILT_IN_TEMPLATES.has(template))).toEqual([]);
    expect(sections.length).toBeGreaterThan(5);
  });

  it('is within the bounds of an upload, and has no model that costs nothing', () => {
    for (const [, models] of sections) expect(Object.keys(models).length).toBeLessThanOrEqual(MAX_TEMPLATE_MODELS);
    const free = sections.flatMap(([, models]) =>
      Object.entries(models).filter(([, price]) => price.inputPerMillion + price.outputPerMillion === 0),
    );
    expect(free).toEqual([]);
  });

  it('says what it is, in a version that fits into a usage event', () => {
    expect(catalogStatus(inForce)).toMatchObject({ license: 'MIT', uploaded: false, updatedAt: null });
    expect(catalogVersion(inForce)).toMatch(/^catalog:\d{4}-\d{2}-\d{2}:[0-9a-f]{12}$/);
    expect(inForce.models).toBeGreaterThan(500);
  });
});
