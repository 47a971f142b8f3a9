import { apiVersionOf, type ResourceType } from './kube-object.ts';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** What the server says of itself at `path`; undefined where it says nothing there. */
export function discovery(path: string, types: readonly ResourceType[]): object | undefined {
  const groups = [...new Set(types.map(({ group }) => group))].filter((group) => group !== '');
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.0-simulated', platform: 'simulated' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupOf(group, types)) };
  }
  const group = groups.find((name) => path === `/apis/${name}`);
  if (group !== undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, types) };
  const served = types.filter((type) => path === rootOf(type));
  if (served.length === 0 || served[0] === undefined) return undefined;
  const groupVersion = apiVersionOf(served[0]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: served.flatMap(resourcesOf) };
}

/** `/api/v1`, `/apis/penstock.dev/v1`. */
export function rootOf(type: ResourceType): string {
  return type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
}

function groupOf(name: string, types: readonly ResourceType[]): object {
  const versions = [...new Set(types.flatMap(({ group, version }) => (group === name ? [version] : [])))].map(
    (version) => ({ groupVersion: `${name}/${version}`, version }),
  );
  return { name, versions, preferredVersion: versions[0] };
}

function resourcesOf({ plural: name, singular, namespaced, kind, shortNames, categories, hasStatus }: ResourceType) {
  const main = {
    name,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  const status = { name: `${name}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] };
  return hasStatus ? [main, status] : [main];
}
