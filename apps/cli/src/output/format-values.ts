/** `1234567` as `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Micro-USD as USD with as many digits as it takes, two at least: `1.50`, `0.000012`. */
export function formatUsd(microUsd: number): string {
  const micro = BigInt(microUsd);
  const fraction = String(micro % 1_000_000n).padStart(6, '0');
  const digits = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${formatCount(Number(micro / 1_000_000n))}.${digits}`;
}

/** Milliseconds as `12 ms`, `3.4 s`, `5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${formatCount(Math.round(ms / 60_000))} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_024 * 1_024 ? `${(bytes / 1_024).toFixed(1)} KiB` : `${(bytes / 1_024 / 1_024).toFixed(1)} MiB`;
}
