// `npm run boundaries`: do the imports keep to the direction of ARCHITECTURE.md §3? `canary/` proves that this check is on.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readImports } from './imports.mjs';
import { judge } from './judge.mjs';
import { readProjects, rootDevDependencies } from './projects.mjs';

/** Every violation below `root`, and how many files were read. */
export async function checkBoundaries(root) {
  const { files, imports } = await readImports(root, ['apps', 'libs', 'e2e']);
  const violations = judge({ files, imports, projects: readProjects(root), rootPackages: rootDevDependencies(root) });
  return { files: files.length, imports: imports.length, violations };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, imports, violations } = await checkBoundaries(path.resolve(import.meta.dirname, '../..'));
  for (const { file, specifier, rule, message } of violations)
    console.error(`${file}: ${rule}: ${message}${specifier ? ` (${specifier})` : ''}`);
  console.log(`${files} files, ${imports} imports, ${violations.length} violations`);
  process.exitCode = violations.length > 0 || files === 0 ? 1 : 0;
}
