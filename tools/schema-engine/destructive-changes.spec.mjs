import { describe, expect, it } from '@jest/globals';
import { destructiveChanges } from './destructive-changes.mjs';

describe('destructiveChanges', () => {
  it.each([
    ['DROP TABLE "Pipe";', 'drops a table'],
    ['ALTER TABLE "Pipe" DROP COLUMN "diameter",', 'drops a column'],
    ['ALTER TABLE "Pipe" ALTER COLUMN "diameter" SET DATA TYPE SMALLINT;', 'changes the type'],
    ['ALTER TABLE "Pipe" ADD COLUMN "name" TEXT NOT NULL;', 'adds a required column'],
  ])('warns about %s', (statement, warning) => {
    expect(destructiveChanges(statement)).toEqual([expect.stringContaining(warning)]);
  });

  it.each([
    ['CREATE TABLE "Pipe" ('],
    ['ALTER TABLE "Pipe" ADD COLUMN "name" TEXT;'],
    [`ALTER TABLE "Pipe" ADD COLUMN "name" TEXT NOT NULL DEFAULT '';`],
    ['-- AlterTable'],
  ])('says nothing about %s', (statement) => {
    expect(destructiveChanges(statement)).toEqual([]);
  });
});
