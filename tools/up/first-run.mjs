import { AdminApi, AdminApiError } from './admin-api.mjs';
import { demoKey, demoProvider, demoProxy, providersFromEnvironment } from './first-run-documents.mjs';

/**
 * On the first run adds the providers that the environment names and, unless `demo` is false, a demo provider, proxy and
 * key; the key's secret is saved, for the control plane shows it only once. Later runs leave everything as it is.
 */
export async function firstRun({ controlPlane, ports, store, demo, say }) {
  const { secrets, save } = store;
  const api = new AdminApi(controlPlane, secrets.adminToken);
  const known = await api.list('/llm-providers?limit=1');
  if (secrets.firstRunDone && known.items.length > 0) return;
  const vendors = await addProviders(api, providersFromEnvironment(process.env), say);
  if (demo) {
    await ensure(api, '/llm-providers', demoProvider(ports.simulatedUpstream));
    await ensure(api, '/llm-proxies', demoProxy(vendors));
    save({ virtualKey: await demoSecret(api) });
  }
  save({ firstRunDone: true });
}

async function addProviders(api, documents, say) {
  const added = [];
  for (const document of documents) {
    try {
      await ensure(api, '/llm-providers', document);
      added.push(document.metadata.name);
      say(`provider ${document.metadata.name} added`);
    } catch (error) {
      if (!(error instanceof AdminApiError) || error.status === 401) throw error;
      say(`provider ${document.metadata.name} was not added: ${error.message}`);
    }
  }
  return added;
}

async function ensure(api, path, document) {
  return (await api.find(`${path}/${document.metadata.name}`)) ?? api.create(path, document);
}

async function demoSecret(api) {
  const path = `/virtual-keys/${demoKey.metadata.name}`;
  const exists = await api.find(path);
  // A run that was interrupted here has lost the secret: the key gets a new one.
  const answer = exists
    ? await api.create(`${path}/rotate`, { graceSeconds: 0 })
    : await api.create('/virtual-keys', demoKey);
  return answer.status.key;
}
