/**
 * Lines with the seconds since the start. `step(title, work)` says what begins when it takes over a second, and how long it
 * took when it is done.
 */
export function createProgress(name) {
  const start = Date.now();
  const say = (message) =>
    console.log(`[${name} ${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s] ${message}`);
  const step = async (title, work) => {
    const begin = Date.now();
    const slow = setTimeout(() => say(`${title} ...`), 1000);
    let outcome = 'failed after ';
    try {
      const result = await work();
      outcome = '';
      return result;
    } finally {
      clearTimeout(slow);
      say(`${title} (${outcome}${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    }
  };
  return { say, step };
}
