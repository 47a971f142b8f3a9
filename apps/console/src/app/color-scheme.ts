import { localStorageColorSchemeManager } from '@mantine/core';

/** Remembers the chosen colour scheme; `public/color-scheme.js` reads the same key before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'penstock-color-scheme' });
