import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, devices } from '@playwright/test';

const root = import.meta.dirname;
const portOffset = process.env['PENSTOCK_E2E_PORT_OFFSET'] ?? '10000';
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);
const data = path.join(root, '.penstock/browser-test');

// Specs read addresses, login, admin token and virtual key from the file that `npm run up` writes.
process.env['PENSTOCK_READY_FILE'] = path.join(data, 'ready.json');

export default defineConfig({
  testDir: 'e2e/console',
  testMatch: '**/*.e2e-spec.ts',
  outputDir: '.penstock/test/playwright',
  workers: 1,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PENSTOCK_PLAYWRIGHT_JSON'] ?? '.penstock/test/playwright.json' }],
  ],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://127.0.0.1:${3000 + Number(portOffset)}`,
    // A film of each test costs a third of the time; pictures of the page at each step stay.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? chromium ?? 'chromium',
      args: [
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [{ name: 'console' }],
  // The whole product, as a user starts it, on fresh data.
  webServer: {
    command: `node tools/up.mjs --reset --data ${data} --port-offset ${portOffset}`,
    wait: { stdout: /^ready \{/m },
    timeout: 180_000,
    stdout: 'pipe',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 60_000 },
  },
});
