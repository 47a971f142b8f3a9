import { it } from '@jest/globals';
import * as documents from '../testing/documents.ts';
import { startTestApp } from '../testing/test-app.ts';
it('perf', async () => {
  const app = await startTestApp();
  for (const n of [50, 300]) {
    const many = Array.from({ length: n }, (_, index) => ({ kind: 'VirtualKey', ...documents.virtualKey(`m${n}-${index}`) }));
    const t = performance.now();
    const r = await app.call('POST', '/manifests/apply', { body: many });
    const t2 = performance.now();
    await app.call('POST', '/manifests/apply', { body: many });
    console.error(n, r.status, (t2 - t) / n, 'ms each; again', performance.now() - t2);
  }
  await app.stop();
}, 60000);
