// Tables of medians and of ratios to the others in the same run.
import { idleWork, works } from './works.mjs';

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const fixed = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

/** Prints one table for each work and one for memory. */
export function printReport(results) {
  const targets = [...new Set(results.map(({ target }) => target))];
  for (const work of works) {
    console.log(`\n${work.name}`);
    printTable(targets.map((target) => workRow(results, target, work, targets)));
  }
  console.log('\nMemory');
  printTable(targets.filter((target) => target !== 'direct').map((target) => memoryRow(results, target)));
}

function figure(results, target, work, field) {
  const values = results
    .filter((result) => result.target === target && result.work === work.name)
    .map((result) => result[field]);
  return values.length === 0 ? Number.NaN : median(values);
}

function workRow(results, target, work, targets) {
  const value = (name, field) => figure(results, name, work, field);
  const units = (name) => value(name, work.per === 'chunk' ? 'chunks' : 'completed') / value(name, 'seconds');
  const cpu = (name) => value(name, 'cpuMicroseconds');
  const [p50, p99] = work.per === 'chunk' ? ['chunkP50Us', 'chunkP99Us'] : ['p50Us', 'p99Us'];
  const row = {
    target,
    [`${work.per}s/s`]: fixed(units(target), 0),
    'p50 µs': fixed(value(target, p50), 0),
    'p99 µs': fixed(value(target, p99), 0),
    'added p50 µs': fixed(value(target, p50) - value('direct', p50), 0),
    'added p99 µs': fixed(value(target, p99) - value('direct', p99), 0),
    [`CPU µs/${work.per}`]: target === 'direct' ? '–' : fixed(cpu(target)),
  };
  if (target !== 'direct' && targets.includes('nginx')) row['CPU × nginx'] = fixed(cpu(target) / cpu('nginx'), 2);
  if (target !== 'direct' && targets.includes('portkey'))
    row[`${work.per}s/s/core × portkey`] = fixed(cpu('portkey') / cpu(target), 1);
  return row;
}

function memoryRow(results, target) {
  return {
    target,
    'at start MB': fixed(figure(results, target, idleWork, 'startBytes') / 1e6, 0),
    'after load MB': fixed(figure(results, target, idleWork, 'baseBytes') / 1e6, 0),
    'KB per idle stream': fixed(figure(results, target, idleWork, 'bytesPerStream') / 1000),
  };
}

function printTable(rows) {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cell = (row, column) => String(row[column] ?? '');
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => cell(row, column).length)));
  const line = (cells) => `| ${cells.map((text, index) => text.padEnd(widths[index])).join(' | ')} |`;
  console.log(line(columns));
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of rows) console.log(line(columns.map((column) => cell(row, column))));
}
