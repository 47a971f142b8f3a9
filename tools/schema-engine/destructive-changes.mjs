const destructive = [
  [/^DROP TABLE\b/, 'drops a table with its rows'],
  [/\bDROP COLUMN\b/, 'drops a column with its values'],
  [/\bSET DATA TYPE\b/, 'changes the type of a column, which may fail or lose precision'],
  [
    /\bADD COLUMN\b(?!.*\bDEFAULT\b).*\bNOT NULL\b/,
    'adds a required column without a default, which fails where rows exist',
  ],
  [/\bSET NOT NULL\b/, 'makes a column required, which fails where it is null'],
  [/^DROP TYPE\b/, 'drops a type'],
];

/** One sentence per statement of a migration script that may lose data or fail on rows that exist. */
export function destructiveChanges(script) {
  return script
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line) => {
      const found = destructive.find(([pattern]) => pattern.test(line));
      return found ? [`This migration ${found[1]}: ${line}`] : [];
    });
}
