import fs from 'node:fs';
import path from 'node:path';

/** Every workspace package below apps/ and libs/, and e2e: folder, package name, tags and declared dependencies. */
export function readProjects(root) {
  const folders = ['apps', 'libs'].flatMap((parent) => {
    const folder = path.join(root, parent);
    return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => `${parent}/${name}`) : [];
  });
  return [...folders, 'e2e']
    .filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')))
    .map((folder) => readProject(root, folder));
}

function readProject(root, folder) {
  const manifest = readJson(path.join(root, folder, 'package.json'));
  const projectFile = path.join(root, folder, 'project.json');
  const tags = fs.existsSync(projectFile) ? (readJson(projectFile).tags ?? []) : [];
  return {
    folder,
    name: path.basename(folder),
    packageName: manifest.name,
    tags,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys({ ...manifest.devDependencies, ...manifest.peerDependencies }),
  };
}

/** Packages that the root offers to tests and tools everywhere. */
export function rootDevDependencies(root) {
  const manifest = readJson(path.join(root, 'package.json'));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
}

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
