import { destructiveChanges } from './destructive-changes.mjs';
import { emptySchema, onScratchDatabase, openEngine } from './wasm-engine.mjs';

/**
 * The engine's methods on one database. The WebAssembly engine has no shadow database of its own, so whatever starts from
 * the migrations is replayed into a scratch database here; everything else goes straight to the engine.
 * @returns {(method: string, params: object) => Promise<unknown>}
 */
export function createMethods(url) {
  let engine;
  const main = async () => (engine ??= await openEngine(url));
  const own = {
    diff: (params) => diff(params, url, main),
    devDiagnostic: (params) => devDiagnostic(params, main),
    evaluateDataLoss: (params) => evaluateDataLoss(params, url, main),
    createMigration: (params) => createMigration(params, url, main),
  };
  return async (method, params) => (own[method] ? own[method](params) : (await main())[method](params));
}

const currentDatabase = {
  tag: 'schemaDatasource',
  files: emptySchema.map(([path, content]) => ({ path, content })),
  configDir: '.',
};

async function diff(params, url, main) {
  const side = ['from', 'to'].find((name) => params[name].tag === 'migrations');
  if (!side) return (await main()).diff(params);
  return onScratchDatabase(url, async (engine) => {
    await engine.applyMigrations({ migrationsList: params[side], filters: params.filters });
    return engine.diff({ ...params, [side]: currentDatabase });
  });
}

async function devDiagnostic(params, main) {
  const engine = await main();
  const history = await engine.diagnoseMigrationHistory({ ...params, optInToShadowDatabase: false });
  const reasons = [
    ...history.editedMigrationNames.map((name) => `${name} was edited after it had been applied`),
    ...history.failedMigrationNames.map((name) => `${name} failed`),
  ];
  if (reasons.length === 0) return { action: { tag: 'createMigration' } };
  return { action: { tag: 'reset', reason: `${reasons.join(', ')}.` } };
}

const fromHistory = ({ migrationsList, schema, filters }) => ({
  from: migrationsList.migrationDirectories.length > 0 ? { tag: 'migrations', ...migrationsList } : { tag: 'empty' },
  to: { tag: 'schemaDatamodel', ...schema },
  script: true,
  exitCode: true,
  filters,
});

async function evaluateDataLoss(params, url, main) {
  const { stdout } = await diff(fromHistory(params), url, main);
  const warnings = destructiveChanges(stdout ?? '').map((message) => ({ message, stepIndex: 0 }));
  return { migrationSteps: 1, unexecutableSteps: [], warnings };
}

async function createMigration(params, url, main) {
  const { exitCode, stdout } = await diff(fromHistory(params), url, main);
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return {
    connectorType: 'postgresql',
    extension: 'sql',
    generatedMigrationName: `${time}_${params.migrationName || 'change'}`,
    migrationScript: exitCode === 2 || params.draft ? stdout : null,
  };
}
