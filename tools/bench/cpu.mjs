// CPU time and memory of a process with all its threads and descendants, from /proc.
import fs from 'node:fs';

const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    // The thread or process ended between the listing and this read.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  }
};

/** The process and all processes below it. */
export function processTree(pid) {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(processTree)];
}

/** Nanoseconds on a CPU since the start, all threads together. */
export function cpuNanoseconds(pids) {
  let total = 0;
  for (const pid of pids) {
    for (const thread of fs.existsSync(`/proc/${pid}/task`) ? fs.readdirSync(`/proc/${pid}/task`) : []) {
      total += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] || 0);
    }
  }
  return total;
}

/** Resident memory in bytes. */
export function residentBytes(pids) {
  return pids.reduce(
    (sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024,
    0,
  );
}
