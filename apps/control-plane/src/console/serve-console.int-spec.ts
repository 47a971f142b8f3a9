import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { readConfig } from '../config/env.ts';
import { type ControlPlane, startControlPlane } from '../start-control-plane.ts';
import { TEST_MASTER_KEY } from '../testing/test-app.ts';

const dist = mkdtempSync(path.join(tmpdir(), 'penstock-console-'));
let controlPlane: ControlPlane;
beforeAll(async () => {
  mkdirSync(path.join(dist, 'assets'));
  writeFileSync(path.join(dist, 'index.html'), '<!doctype html><title>Penstock</title>');
  writeFileSync(path.join(dist, 'assets/app-1a2b.js'), 'export {};');
  const config = readConfig({
    ...process.env,
    PENSTOCK_MASTER_KEY: TEST_MASTER_KEY,
    PENSTOCK_CONSOLE_DIST: dist,
    PENSTOCK_CONTROL_PLANE_PORT: '0',
    PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: '0',
  });
  const logger = createLogger({ name: 'test', level: 'silent' });
  controlPlane = await startControlPlane({ config, logger, redactor: new Redactor() });
});
afterAll(async () => {
  await controlPlane.stop();
  rmSync(dist, { recursive: true });
});

const get = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe('the console', () => {
  it.each(['/', '/providers', '/virtual-keys/app-1'])('is at %s', async (url) => {
    const { status, headers, text } = await get(controlPlane.url + url);
    expect(status).toBe(200);
    expect(text).toContain('<title>Penstock</title>');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it('has assets that are cached for ever, and none that are not there', async () => {
    const asset = await get(`${controlPlane.url}/assets/app-1a2b.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await get(`${controlPlane.url}/assets/gone.js`)).status).toBe(404);
  });

  it.each(['/api/v1/nothing', '/api/nothing', '/internal/nothing'])('does not stand in for %s', async (url) => {
    const { status, text } = await get(controlPlane.url + url);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ status: 'error', code: 'not_found' });
  });

  it('gives nothing outside of its folder', async () => {
    const { text } = await get(`${controlPlane.url}/..%2f..%2f..%2fetc%2fpasswd`);
    expect(text).not.toContain('root:');
  });
});

describe('beside it', () => {
  it('are the description of the API and its docs', async () => {
    expect(JSON.parse((await get(`${controlPlane.url}/api/openapi.json`)).text)).toMatchObject({ openapi: '3.1.0' });
    const docs = await get(`${controlPlane.url}/api/docs`);
    expect(docs.status).toBe(200);
    expect(docs.text).not.toMatch(/<script>/);
  });

  it('are health, readiness and metrics, on a listener of their own', async () => {
    expect((await get(`${controlPlane.operationsUrl}/health`)).status).toBe(200);
    expect(JSON.parse((await get(`${controlPlane.operationsUrl}/ready`)).text)).toEqual({ status: 'ok', problems: [] });
    expect((await get(`${controlPlane.operationsUrl}/metrics`)).text).toMatch(
      /penstock_control_plane_published_revision \d/,
    );
    expect((await get(`${controlPlane.url}/metrics`)).text).not.toContain('penstock_control_plane');
  });
});
