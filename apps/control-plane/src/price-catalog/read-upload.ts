import { PriceCatalog } from '@penstock/contracts';
import { convertLiteLlm, isLiteLlmFile } from '@penstock/usage';
import { invalidField } from '../common/admin-error.ts';
import { parseOrRefuse } from '../common/validation.ts';
import { countModels } from './catalog-in-force.ts';

/** Models of one template: a provider that accepts any model brings all of its template's to the gateways. */
export const MAX_TEMPLATE_MODELS = 2_000;
const MAX_TEMPLATES = 100;

/**
 * The catalog in a body: one of ours, or LiteLLM's `model_prices_and_context_window.json`, which is converted. `bodySha256` is that
 * of the bytes, `today` a day. Throws the 400 that names the fields at fault.
 */
export function readUpload(body: unknown, bodySha256: string, today: string): PriceCatalog {
  const catalog = isLiteLlmFile(body) ? convert(body, bodySha256, today) : parseOrRefuse(PriceCatalog, body);
  const templates = Object.entries(catalog.templates);
  if (templates.length > MAX_TEMPLATES) throw invalidField('templates', `must be ${MAX_TEMPLATES} at most`);
  for (const [template, models] of templates) {
    const count = Object.keys(models).length;
    if (count > MAX_TEMPLATE_MODELS) {
      throw invalidField(`templates.${template}`, `has ${count} models of at most ${MAX_TEMPLATE_MODELS}`);
    }
  }
  if (countModels(catalog) === 0) throw invalidField('templates', 'holds no model with a price');
  return catalog;
}

function convert(file: Parameters<typeof convertLiteLlm>[0], sourceSha256: string, date: string): PriceCatalog {
  const source = 'LiteLLM (github.com/BerriAI/litellm), model_prices_and_context_window.json, as uploaded';
  // Parsed as well: the file is whoever uploads it claims that it is.
  return parseOrRefuse(PriceCatalog, convertLiteLlm(file, { source, license: 'MIT', date, sourceSha256 }).catalog);
}
