/** What is read of jest's `--json` output. */
export interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that failed before any of their tests could run. */
  readonly numRuntimeErrorTestSuites: number;
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Adds up runs of jest. A run without result (undefined: jest died) counts as a failure, so does a run without a test, and
 * so does each guard that failed.
 */
export function addTotals(runs: readonly (JestResult | undefined)[], failedGuards: number): Totals {
  const totals = { passed: 0, failed: failedGuards, skipped: 0 };
  for (const run of runs) {
    const failed = run === undefined ? 0 : run.numFailedTests + run.numRuntimeErrorTestSuites;
    const ranNone = run === undefined || run.numPassedTests + failed === 0;
    totals.passed += run?.numPassedTests ?? 0;
    totals.failed += ranNone ? 1 : failed;
    totals.skipped += run === undefined ? 0 : run.numPendingTests + run.numTodoTests;
  }
  return totals;
}

/** `12 passed, 0 failed`, and `, 3 skipped` where some were. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
