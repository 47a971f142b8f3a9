// Preloaded into the gateway: tells how long its event loop stood still since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.on('message', () => {
  process.send({ longestPauseMs: delays.max / 1e6 });
  delays.reset();
});
process.channel.unref();
