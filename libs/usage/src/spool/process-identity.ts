import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';

/** Who owns a spool directory: which process, on which machine (or container). */
export interface ProcessIdentity {
  /** Stands for the set of processes in which `pid` means something. */
  readonly host: string;
  readonly pid: number;
  /** Tells a process from a later one that got the same pid; `0` where the system does not say. */
  readonly startTime: string;
}

/** Processes of one machine and one pid namespace share this; 8 hexadecimal digits. */
function currentHost(): string {
  const parts = [os.hostname(), readText('/proc/sys/kernel/random/boot_id'), readNamespace()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
}

/** This process. */
export function currentProcess(): ProcessIdentity {
  return { host: currentHost(), pid: process.pid, startTime: startTimeOf(process.pid) ?? '0' };
}

/** Whether a process of this host lives; undefined when it belongs to another host and cannot be asked. */
export function isAlive({ host, pid, startTime }: ProcessIdentity): boolean | undefined {
  if (host !== currentHost()) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const startTimeNow = startTimeOf(pid);
  return startTimeNow === undefined || startTime === '0' || startTimeNow === startTime;
}

/** A directory name that nobody else makes, and that says who owns it. */
export function ownedName({ host, pid, startTime }: ProcessIdentity): string {
  return `live-${host}-${pid}-${startTime}-${randomBytes(6).toString('hex')}`;
}

/** A directory name that belongs to nobody: whoever comes first may have it. */
export function releasedName(): string {
  return `released-${randomBytes(6).toString('hex')}`;
}

/** Reads the owner from a directory's name; null when it belongs to nobody, undefined when it is no spool. */
export function ownerOf(name: string): ProcessIdentity | null | undefined {
  if (/^released-[0-9a-f]{12}$/.test(name)) return null;
  const match = /^live-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{12}$/.exec(name);
  return match ? { host: match[1] ?? '', pid: Number(match[2]), startTime: match[3] ?? '0' } : undefined;
}

/** Clock ticks between the system's start and the process' (Linux, proc(5) `stat` field 22). */
function startTimeOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The command in field 2 may contain spaces and parentheses.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // not Linux, or no such process
  }
}

function readNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
