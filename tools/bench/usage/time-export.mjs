import fs from 'node:fs';

/** Downloads every event of the month as CSV and looks at the control plane's memory while it runs (Linux). */
export async function timeExport(stack, untilMs) {
  const from = new Date(untilMs - 30 * 86_400_000).toISOString();
  const before = residentMiB(stack.controlPlane.pid);
  let [bytes, most] = [0, before];
  const startedAt = performance.now();
  const watch = setInterval(() => (most = Math.max(most, residentMiB(stack.controlPlane.pid))), 50);
  const query = `from=${from}&to=${new Date(untilMs).toISOString()}`;
  const answer = await fetch(`${stack.url}/usage/export.csv?${query}`, {
    headers: { authorization: `Bearer ${stack.adminToken}` },
  });
  let rows = -1;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 0x0a) rows += 1;
  }
  clearInterval(watch);
  return {
    rows,
    mebibytes: Math.round(bytes / 2 ** 20),
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    before,
    most,
  };
}

function residentMiB(pid) {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}
