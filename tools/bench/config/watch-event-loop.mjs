// Preloaded into the gateway: tells how long its event loop stood still since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

// The same in time on the CPU: what other processes took from this one on a busy machine is not in it.
let longestWorkMs = 0;
let before = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  longestWorkMs = Math.max(longestWorkMs, (user + system) / 1_000);
  before = process.threadCpuUsage();
}, 1).unref();

process.on('message', () => {
  process.send({ longestPauseMs: delays.max / 1e6, longestWorkMs });
  delays.reset();
  longestWorkMs = 0;
});
process.channel.unref();
