// Runs before the first paint, so that a dark page does not flash white. A file of its own: the content security policy
// allows no inline script. The key is the one of `color-scheme.ts`.
(() => {
  const dark = '(prefers-color-scheme: dark)';
  const stored = window.localStorage.getItem('penstock-color-scheme');
  const chosen = stored === 'light' || stored === 'dark' ? stored : undefined;
  const scheme = chosen ?? (window.matchMedia(dark).matches ? 'dark' : 'light');
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
