import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../wait-until.ts';
import { SimulatedKubernetes } from './simulated-kubernetes.ts';

// These tests also run against a real API server: with PENSTOCK_KUBERNETES_URL and PENSTOCK_KUBERNETES_TOKEN in the environment
// (and NODE_TLS_REJECT_UNAUTHORIZED=0 for a certificate of its own). What the simulation alone can do is skipped there.
const real = process.env['PENSTOCK_KUBERNETES_URL'];
const simulation = new SimulatedKubernetes();
const simulated = real === undefined ? it : it.skip;

const run = Math.random().toString(36).slice(2, 8);
const group = `${run}.test.penstock.dev`;
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1 },
                  colour: { type: 'string', enum: ['red', 'blue'] },
                  name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
                  until: { type: 'string', format: 'date-time', nullable: true },
                  open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  map: { type: 'object', additionalProperties: { type: 'integer' } },
                },
              },
              status: { type: 'object', properties: { phase: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};
const widgets = `/apis/${group}/v1/namespaces/default/widgets`;
const secrets = '/api/v1/namespaces/default/secrets';

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of any shape, which the tests look into
  readonly body: any;
}

async function call(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const response = await fetch(`${real ?? simulation.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${process.env['PENSTOCK_KUBERNETES_TOKEN'] ?? ''}`, 'content-type': type },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const merge = (path: string, body: unknown) => call('PATCH', path, body, 'application/merge-patch+json');

const widget = (name: string, spec: object = { size: 1 }, metadata: object = {}) => ({
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
});

/** Follows a watch: what came so far, and its end. */
function watch(query: string) {
  const lines: { readonly type: string; readonly object: Answer['body'] }[] = [];
  const abort = new AbortController();
  const ended = (async () => {
    const response = await fetch(`${real ?? simulation.url}${widgets}?watch=true&${query}`, {
      headers: { authorization: `Bearer ${process.env['PENSTOCK_KUBERNETES_TOKEN'] ?? ''}` },
      signal: abort.signal,
    });
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.filter((part) => part !== '').map((part) => JSON.parse(part) as (typeof lines)[number]));
    }
  })().catch(() => undefined);
  return { lines, ended, stop: () => abort.abort() };
}

beforeAll(async () => {
  if (real === undefined) await simulation.listen();
  await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  await waitUntil('the type to be served', async () => (await call('GET', widgets)).status === 200, {
    timeoutMs: 20_000,
  });
}, 30_000);
afterAll(async () => {
  if (real !== undefined) {
    await call('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`);
  } else await simulation.stop();
});

describe('A Kubernetes API server', () => {
  it('gives a new object its identity, and keeps only what the schema knows', async () => {
    const spec = { size: 2, unknown: true, open: { any: { thing: 1 } }, map: { a: 1 }, until: null };
    const { status, body } = await call('POST', widgets, { ...widget('new', spec), status: { phase: 'lies' } });
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'new', namespace: 'default', generation: 1 });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(0);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(body.spec).toMatchObject({ size: 2, open: { any: { thing: 1 } }, map: { a: 1 } });
    expect(body.spec.unknown).toBeUndefined();
    expect(body.status).toBeUndefined();
  });

  it('refuses what does not fit the schema, field by field', async () => {
    const { status, body } = await call('POST', widgets, widget('bad', { colour: 'green', name: 'UPPER' }));
    expect([status, body.reason, body.code, body.kind, body.apiVersion, body.status]).toEqual([
      422,
      'Invalid',
      422,
      'Status',
      'v1',
      'Failure',
    ]);
    expect(body.message).toContain(`Widget.${group} "bad" is invalid: [`);
    const fields = (body.details.causes as { field: string; reason: string }[]).map(
      (cause) => `${cause.field} ${cause.reason}`,
    );
    expect(fields).toEqual(
      expect.arrayContaining([
        'spec.size FieldValueRequired',
        'spec.colour FieldValueNotSupported',
        'spec.name FieldValueInvalid',
      ]),
    );
    const long = await call('POST', widgets, widget('bad', { size: 1, name: 'toolong' }));
    expect(long.body.details.causes).toEqual([
      { field: 'spec.name', reason: 'FieldValueTooLong', message: 'Too long: may not be more than 5 bytes' },
    ]);
    const typed = await call('POST', widgets, widget('bad', { size: 'big' }));
    expect(typed.body.message).toBe(
      `Widget.${group} "bad" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"`,
    );
    const small = await call('POST', widgets, widget('bad', { size: 0 }));
    expect(small.body.message).toBe(
      `Widget.${group} "bad" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1`,
    );
  });

  it('refuses names that are taken or wrong, and namespaces that are not there', async () => {
    await call('POST', widgets, widget('taken'));
    const taken = await call('POST', widgets, widget('taken'));
    expect([taken.status, taken.body.reason, taken.body.message]).toEqual([
      409,
      'AlreadyExists',
      `widgets.${group} "taken" already exists`,
    ]);
    expect((await call('POST', widgets, widget('Not_A_Name'))).status).toBe(422);
    const elsewhere = await call('POST', widgets.replace('default', 'nowhere'), widget('lost'));
    expect([elsewhere.status, elsewhere.body.message]).toEqual([404, 'namespaces "nowhere" not found']);
    const missing = await call('GET', `${widgets}/missing`);
    expect([missing.status, missing.body.reason, missing.body.message]).toEqual([
      404,
      'NotFound',
      `widgets.${group} "missing" not found`,
    ]);
  });

  it('refuses a write of a former version, and counts generations of the spec alone', async () => {
    const { body: first } = await call('POST', widgets, widget('versions'));
    const { body: second } = await call('PUT', `${widgets}/versions`, { ...first, spec: { size: 2 } });
    expect(second.metadata.generation).toBe(2);
    const { status, body } = await call('PUT', `${widgets}/versions`, { ...first, spec: { size: 3 } });
    expect([status, body.reason, body.message]).toEqual([
      409,
      'Conflict',
      `Operation cannot be fulfilled on widgets.${group} "versions": the object has been modified; please apply your changes to the latest version and try again`,
    ]);
    const labelled = await merge(`${widgets}/versions`, { metadata: { labels: { a: 'b' } } });
    expect(labelled.body.metadata).toMatchObject({ generation: 2, labels: { a: 'b' } });
    const same = await merge(`${widgets}/versions`, { spec: { size: 2 } });
    expect(same.body.metadata.resourceVersion).toBe(labelled.body.metadata.resourceVersion);
    const stale = await merge(`${widgets}/versions`, {
      metadata: { resourceVersion: first.metadata.resourceVersion, labels: { c: 'd' } },
    });
    expect(stale.status).toBe(409);
    const { metadata: _metadata, ...bare } = first;
    const unversioned = await call('PUT', `${widgets}/versions`, { ...bare, metadata: { name: 'versions' } });
    expect([unversioned.status, unversioned.body.details.causes[0].field]).toEqual([422, 'metadata.resourceVersion']);
  });

  it('keeps status and spec apart', async () => {
    await call('POST', widgets, widget('status'));
    const told = await merge(`${widgets}/status/status`, { status: { phase: 'good', more: 1 }, spec: { size: 9 } });
    expect(told.body).toMatchObject({ spec: { size: 1 }, status: { phase: 'good' }, metadata: { generation: 1 } });
    expect(told.body.status.more).toBeUndefined();
    const kept = await merge(`${widgets}/status`, { status: { phase: 'bad' }, spec: { size: 4 } });
    expect(kept.body).toMatchObject({ spec: { size: 4 }, status: { phase: 'good' }, metadata: { generation: 2 } });
  });

  it('holds an object that is deleted until its last finalizer is gone', async () => {
    await call('POST', widgets, widget('held', { size: 1 }, { finalizers: ['test.dev/a', 'test.dev/b'] }));
    const { status, body } = await call('DELETE', `${widgets}/held`);
    expect([status, body.metadata.generation, body.metadata.deletionGracePeriodSeconds]).toEqual([200, 2, 0]);
    expect(body.metadata.deletionTimestamp).toMatch(/Z$/);
    const more = await merge(`${widgets}/held`, {
      metadata: { finalizers: ['test.dev/a', 'test.dev/b', 'test.dev/c'] },
    });
    expect([more.status, more.body.details.causes[0]]).toMatchObject([
      422,
      { field: 'metadata.finalizers', reason: 'FieldValueForbidden' },
    ]);
    const fewer = await merge(`${widgets}/held`, { metadata: { finalizers: ['test.dev/b'] } });
    expect(fewer.body.metadata.finalizers).toEqual(['test.dev/b']);
    expect((await call('DELETE', `${widgets}/held`)).status).toBe(200);
    expect((await merge(`${widgets}/held`, { metadata: { finalizers: [] } })).status).toBe(200);
    expect((await call('GET', `${widgets}/held`)).status).toBe(404);
  });

  it('deletes only what is meant', async () => {
    const { body } = await call('POST', widgets, widget('meant'));
    const options = { kind: 'DeleteOptions', apiVersion: 'v1' };
    const wrong = { ...options, preconditions: { uid: '00000000-0000-0000-0000-000000000000' } };
    expect(await call('DELETE', `${widgets}/meant`, wrong)).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    });
    const gone = await call('DELETE', `${widgets}/meant`, { ...options, preconditions: { uid: body.metadata.uid } });
    expect(gone.body).toMatchObject({ kind: 'Status', status: 'Success', details: { name: 'meant', kind: 'widgets' } });
  });

  it('takes JSON patches, and refuses patches that custom resources do not know', async () => {
    await call('POST', widgets, widget('patched'));
    const operations = [
      { op: 'test', path: '/spec/size', value: 1 },
      { op: 'replace', path: '/spec/size', value: 5 },
      { op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } },
      { op: 'remove', path: '/metadata/annotations/a~1b' },
    ];
    const { body } = await call('PATCH', `${widgets}/patched`, operations, 'application/json-patch+json');
    expect(body.spec.size).toBe(5);
    const failing = [{ op: 'test', path: '/spec/size', value: 1 }];
    expect((await call('PATCH', `${widgets}/patched`, failing, 'application/json-patch+json')).status).toBe(422);
    const strategic = await call('PATCH', `${widgets}/patched`, {}, 'application/strategic-merge-patch+json');
    expect([strategic.status, strategic.body.reason]).toEqual([415, 'UnsupportedMediaType']);
  });

  it('lists page by page, selected and with the version to watch from', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) {
      await call('POST', widgets, widget(name, { size: 1 }, { labels: { page: 'yes' } }));
    }
    const first = await call('GET', `${widgets}?labelSelector=page%3Dyes&limit=2`);
    expect(first.body).toMatchObject({ kind: 'WidgetList', apiVersion: `${group}/v1` });
    expect(first.body.items).toHaveLength(2);
    const next = `labelSelector=page%3Dyes&limit=2&continue=${encodeURIComponent(first.body.metadata.continue as string)}`;
    const second = await call('GET', `${widgets}?${next}`);
    expect(second.body.items.map((item: Answer['body']) => item.metadata.name)).toEqual(['page-c']);
    expect(second.body.metadata.continue ?? '').toBe('');
    const named = await call('GET', `${widgets}?fieldSelector=metadata.name%3Dpage-b`);
    expect(named.body.items).toHaveLength(1);
    expect((await call('GET', `/apis/${group}/v1/widgets`)).body.items.length).toBeGreaterThanOrEqual(3);
  });

  it('tells what happens after a version, and nothing from before', async () => {
    await call('POST', widgets, widget('before'));
    const { body: list } = await call('GET', widgets);
    const { lines, ended, stop } = watch(`resourceVersion=${list.metadata.resourceVersion}&timeoutSeconds=20`);
    await call('POST', widgets, widget('seen', { size: 1 }, { finalizers: ['test.dev/a'] }));
    await merge(`${widgets}/seen`, { spec: { size: 2 } });
    await call('DELETE', `${widgets}/seen`);
    await merge(`${widgets}/seen`, { metadata: { finalizers: [] } });
    await waitUntil('the deletion to be told', () => lines.some(({ type }) => type === 'DELETED'));
    stop();
    await ended;
    expect(lines.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED']);
    expect(lines.every(({ object }) => object.metadata.name === 'seen')).toBe(true);
    const versions = lines.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((left, right) => left - right));
  });

  it('begins with what is there where no version is named, and ends in good order', async () => {
    await call('POST', widgets, widget('present'));
    const { lines, ended } = watch('timeoutSeconds=1');
    await ended;
    expect(lines.find(({ object }) => object.metadata.name === 'present')?.type).toBe('ADDED');
  });

  it('lets what is owned go with its owner, and stores plain text of Secrets in base64', async () => {
    const { body: owner } = await call('POST', widgets, widget('owner'));
    const { uid, name } = owner.metadata;
    const metadata = {
      name: `owned-${run}`,
      ownerReferences: [{ apiVersion: `${group}/v1`, kind: 'Widget', name, uid }],
    };
    const secret = await call('POST', secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { a: 'text' },
    });
    expect(secret.body).toMatchObject({ type: 'Opaque', data: { a: 'dGV4dA==' } });
    expect(secret.body.metadata.generation).toBeUndefined();
    await call('DELETE', `${widgets}/owner`);
    // The collector of a real cluster is the controller manager, which does not run beside a lone API server.
    if (real !== undefined) return void (await call('DELETE', `${secrets}/owned-${run}`));
    await waitUntil('the Secret to go', async () => (await call('GET', `${secrets}/owned-${run}`)).status === 404);
  });

  it('tells only the metadata of objects where that is asked for', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `partial-${run}` },
      stringData: { a: 'text' },
    };
    await call('POST', secrets, secret);
    const response = await fetch(`${real ?? simulation.url}${secrets}`, {
      headers: {
        authorization: `Bearer ${process.env['PENSTOCK_KUBERNETES_TOKEN'] ?? ''}`,
        accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      },
    });
    const list = (await response.json()) as Answer['body'];
    expect([list.kind, list.apiVersion]).toEqual(['PartialObjectMetadataList', 'meta.k8s.io/v1']);
    const found = list.items.find((item: Answer['body']) => item.metadata.name === `partial-${run}`);
    expect(found.data).toBeUndefined();
    await call('DELETE', `${secrets}/partial-${run}`);
  });

  it('keeps Leases by version', async () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    const spec = {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: `lease-${run}` }, spec };
    const { body: first } = await call('POST', leases, lease);
    expect(first.spec).toEqual(spec);
    const renewed = { ...first, spec: { ...spec, renewTime: '2026-01-01T00:00:05.000000Z' } };
    expect((await call('PUT', `${leases}/lease-${run}`, renewed)).status).toBe(200);
    expect((await call('PUT', `${leases}/lease-${run}`, { ...renewed, spec })).status).toBe(409);
    await call('DELETE', `${leases}/lease-${run}`);
  });

  it('describes its types', async () => {
    const { body } = await call('GET', `/apis/${group}/v1`);
    expect(body).toMatchObject({ kind: 'APIResourceList', groupVersion: `${group}/v1` });
    expect(body.resources[0]).toMatchObject({
      name: 'widgets',
      singularName: 'widget',
      namespaced: true,
      kind: 'Widget',
    });
    expect(body.resources[1].name).toBe('widgets/status');
    expect((await call('GET', '/apis')).body.groups.map((found: { name: string }) => found.name)).toContain(group);
  });

  simulated('says 410 to a watch of a past that it has forgotten', async () => {
    const { body: list } = await call('GET', widgets);
    await call('POST', widgets, widget('later'));
    simulation.compact();
    const { lines, ended } = watch(`resourceVersion=${list.metadata.resourceVersion}`);
    await ended;
    expect(lines).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
  });

  simulated('keeps its objects while it is away', async () => {
    await call('POST', widgets, widget('survivor'));
    const { ended } = watch('timeoutSeconds=60');
    const port = await simulation.stop();
    await ended;
    await simulation.listen(port);
    expect((await call('GET', `${widgets}/survivor`)).status).toBe(200);
  });
});
