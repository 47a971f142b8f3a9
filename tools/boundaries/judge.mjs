import path from 'node:path';
import { confinedPackages, inTestingFolder, isTestFile, tagRules } from './rules.mjs';

/**
 * What is wrong with the imports: `{ file, specifier, rule, message }` for each violation.
 * `projects` as read by `readProjects`, `rootPackages` what the root offers to test files.
 */
export function judge({ files, imports, projects, rootPackages }) {
  const context = {
    projects,
    rootPackages,
    byPackage: new Map(projects.map((project) => [project.packageName, project])),
  };
  return [
    ...projects.flatMap(untagged),
    ...files.flatMap((file) => innerBarrel(file)),
    ...imports.flatMap((item) => judgeImport(item, context)),
  ];
}

function untagged({ folder, tags }) {
  const unknown = tags.filter((tag) => !tagRules[tag]);
  const missing = ['type:', 'plane:'].filter((kind) => !tags.some((tag) => tag.startsWith(kind)));
  const faults = [...unknown.map((tag) => `unknown tag ${tag}`), ...missing.map((kind) => `no ${kind}* tag`)];
  return faults.map((fault) =>
    violation({ file: `${folder}/project.json`, specifier: '' }, 'tags', `${folder} has ${fault}`),
  );
}

function innerBarrel(file) {
  if (!/^libs\/[^/]+\/src\/.+\/index\.tsx?$/.test(file)) return [];
  return [violation({ file, specifier: '' }, 'inner-barrel', "only a lib's root has an index.ts")];
}

function judgeImport(item, context) {
  const from = context.projects.find(({ folder }) => item.file.startsWith(`${folder}/`));
  if (!from) return [];
  if (item.specifier.startsWith('.')) return judgeRelative(item, from);
  const packageName = packageOf(item.specifier);
  const to = context.byPackage.get(packageName);
  return to ? judgeWorkspace(item, from, to) : judgeExternal({ ...item, packageName }, from, context);
}

function judgeRelative(item, from) {
  const target = path.posix.join(path.posix.dirname(item.file), item.specifier);
  if (inTestingFolder(target) && !isTestFile(item.file)) {
    return [violation(item, 'testing-import', 'only tests may import what tests share')];
  }
  if (target.startsWith(`${from.folder}/`)) return [];
  return [violation(item, 'leaves-package', `${from.folder} reaches into ${target}; import the package by its name`)];
}

function judgeWorkspace(item, from, to) {
  const faults = [...accessOf(item, from, to), ...declarationOf(item, from, to)];
  if (item.specifier !== to.packageName) {
    faults.push(violation(item, 'deep-import', `only ${to.packageName} itself may be imported`));
  }
  return faults;
}

function accessOf(item, from, to) {
  if (to.tags.includes('type:app')) return [violation(item, 'app-import', 'apps are never imported')];
  if (!to.tags.includes('type:testing')) return directionOf(item, from, to);
  const allowed = isTestFile(item.file) || from.tags.includes('type:testing');
  return allowed ? [] : [violation(item, 'testing-import', `only tests may import ${to.packageName}`)];
}

function declarationOf(item, from, to) {
  const test = isTestFile(item.file);
  const offered = from === to || (test && to.tags.includes('type:testing')); // the workspace links it for every test
  const declared = test ? [...from.dependencies, ...from.devDependencies] : from.dependencies;
  return offered || declared.includes(to.packageName)
    ? []
    : [undeclared({ ...item, packageName: to.packageName }, from)];
}

function directionOf(item, from, to) {
  return from.tags
    .filter((tag) => tagRules[tag] && !tagRules[tag].libs.some((allowed) => to.tags.includes(allowed)))
    .map((tag) => violation(item, 'direction', `${tag} must not import ${to.tags.join(' ')}`));
}

function judgeExternal(item, from, { rootPackages }) {
  if (isTestFile(item.file)) {
    const offered = [...from.dependencies, ...from.devDependencies, ...rootPackages];
    return item.core || offered.includes(item.packageName) ? [] : [undeclared(item, from)];
  }
  const name = item.core ? item.specifier : item.packageName;
  const banned = from.tags
    .filter((tag) => tagRules[tag] && isBanned(name, tagRules[tag]))
    .map((tag) => violation(item, 'banned-package', `${tag} must not import ${name}`));
  const confined = confinedPackages
    .filter(
      ({ project, packages, folder }) =>
        project === from.name && packages.includes(name) && !item.file.startsWith(`${from.folder}/${folder}`),
    )
    .map(({ folder }) => violation(item, 'confined-package', `only ${from.folder}/${folder} may import ${name}`));
  const missing = item.core || from.dependencies.includes(name) ? [] : [undeclared(item, from)];
  return [...banned, ...confined, ...missing];
}

function isBanned(name, { allowed, banned = [] }) {
  return allowed
    ? !allowed.some((pattern) => matches(name, pattern))
    : banned.some((pattern) => matches(name, pattern));
}

const matches = (name, pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const undeclared = (item, from) =>
  violation(item, 'undeclared', `${item.packageName} is missing from the dependencies in ${from.folder}/package.json`);

const violation = ({ file, specifier }, rule, message) => ({ file, specifier, rule, message });
