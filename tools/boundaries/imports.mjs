import fs from 'node:fs';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';

const built = String.raw`^(apps|libs|e2e)/.*/?(node_modules|dist|generated)/`; // packages of node_modules/ itself stay in
const resolution = {
  extensions: ['.ts', '.tsx'],
  exportsFields: ['exports'],
  conditionNames: ['import', 'node', 'default'],
};

/**
 * Every import, re-export and dynamic import of the TypeScript files below `folders`, read by dependency-cruiser with the
 * swc parser (TypeScript 7 has no parser API): `{ file, specifier, core }`, files relative to `root`, built-ins as `node:x`.
 */
export async function readImports(root, folders) {
  const present = folders.filter((folder) => fs.existsSync(path.join(root, folder)));
  const options = { baseDir: root, parser: 'swc', exclude: { path: built }, doNotFollow: { path: 'node_modules' } };
  const { output } = await cruise(present, options, resolution);
  const ours = output.modules.filter(({ source }) => /^(apps|libs|e2e)\/.*\.tsx?$/.test(source));
  return { files: ours.map(({ source }) => source), imports: ours.flatMap(importsOf) };
}

function importsOf({ source, dependencies }) {
  return dependencies.map(({ module, dependencyTypes }) => {
    const core = dependencyTypes.includes('core');
    return { file: source, specifier: core ? `node:${module.replace(/^node:/, '')}` : module, core };
  });
}
