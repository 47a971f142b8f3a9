// `node tools/catalog/convert.mjs --from FILE --source TEXT --date DAY`: makes the price catalog that comes with a release out of
// LiteLLM's model_prices_and_context_window.json.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, root } from '../bootstrap.mjs';
import { help, parseOptions } from './options.mjs';

/** Bytes of the catalog at most: it is read at every start, and it has to stay reviewable. */
const MAX_CATALOG_BYTES = 512 * 1024;

await bootstrap(fileURLToPath(import.meta.url), (text) => console.error(text), convert);

async function convert() {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(help);
  const { convertLiteLlm, isLiteLlmFile, renderCatalog } = await import('../../libs/usage/src/index.ts');
  const { PriceCatalog } = await import('../../libs/contracts/src/index.ts');
  const bytes = fs.readFileSync(options.from);
  const file = JSON.parse(bytes.toString('utf8'));
  if (!isLiteLlmFile(file)) throw new Error(`${options.from} is not LiteLLM's file of prices`);
  const { catalog, models, dropped } = convertLiteLlm(file, {
    source: options.source,
    license: 'MIT',
    date: options.date,
    sourceSha256: createHash('sha256').update(bytes).digest('hex'),
  });
  const text = renderCatalog(PriceCatalog.parse(catalog));
  if (Buffer.byteLength(text) > MAX_CATALOG_BYTES)
    throw new Error(`the catalog would have ${Buffer.byteLength(text)} bytes of at most ${MAX_CATALOG_BYTES}`);
  fs.writeFileSync(path.resolve(root, options.to), text);
  report(Object.keys(file).length, models, dropped);
  console.log(`${options.to}: ${Buffer.byteLength(text)} bytes`);
}

function report(entries, models, dropped) {
  const total = [...models.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${entries} entries, ${total} models in the catalog`);
  for (const [template, count] of models) console.log(`  ${template}: ${count}`);
  for (const [reason, count] of Object.entries(dropped)) console.log(`  left out, ${reason}: ${count}`);
}
