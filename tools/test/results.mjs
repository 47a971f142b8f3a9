import fs from 'node:fs';

/** How many tests passed and failed, from a JSON report of jest or Playwright; undefined when there is no report. */
export function readResults({ format, file }) {
  if (!fs.existsSync(file)) return undefined;
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  return format === 'jest' ? fromJest(report) : fromPlaywright(report);
}

// A test file that cannot even be loaded holds no tests: it counts as one failure.
const fromJest = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
});

const fromPlaywright = ({ stats, errors = [] }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected + errors.length,
});
