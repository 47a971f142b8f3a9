import type { Cell } from './cell.ts';

export const featureNames = [
  'text',
  'stream',
  'tools',
  'parallel-tools',
  'images',
  'structured-output',
  'reasoning',
  'errors',
] as const;
export type FeatureName = (typeof featureNames)[number];

/** One column of the matrix: throws when a pair does not do it right. */
export type Check = (cell: Cell) => Promise<void>;
