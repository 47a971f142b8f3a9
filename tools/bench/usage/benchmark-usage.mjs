import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadEvents } from './load-events.mjs';
import { timeExport } from './time-export.mjs';
import { startUsageStack } from './usage-stack.mjs';
import { timeReports } from './time-reports.mjs';

/** Runs the whole benchmark and prints it as two tables; everything that it started is stopped and removed. */
export async function benchmarkUsage(args, { say }) {
  const options = {
    events: { type: 'string', default: '1000000' },
    independent: { type: 'boolean' },
    json: { type: 'string' },
  };
  const { values } = parseArgs({ args, options });
  const count = Number(values.events);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-bench-usage-'));
  const stack = await startUsageStack(directory, say);
  try {
    const untilMs = Date.now();
    say(`loading ${count} events`);
    const loaded = await loadEvents(stack, { count, untilMs, independent: values.independent ?? false, say });
    console.log(
      `\ningestion  ${loaded.perSecond} events/s (${count} events in ${loaded.seconds} s, one worker; ${loaded.rows})\n`,
    );
    const reports = await timeReports(stack, untilMs);
    for (const { name, p50, max, bytes } of reports) {
      console.log(
        `${name.padEnd(64)} p50 ${String(p50).padStart(6)} ms  max ${String(max).padStart(6)} ms  ${bytes} B`,
      );
    }
    const exported = await timeExport(stack, untilMs);
    console.log(
      `\nexport.csv ${exported.rows} rows, ${exported.mebibytes} MiB in ${exported.seconds} s; control plane ${exported.before} MiB before, at most ${exported.most} MiB`,
    );
    if (values.json) fs.writeFileSync(values.json, JSON.stringify({ ...loaded, reports, exported }, null, 2));
  } finally {
    await stack.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
