import { type Body, type Case, declare, type Scope } from "./scope.js";

/** Runs the tests of files, one after another, whose names match: `file: describe, test`. Prints each; resolves to an exit code. */
export async function runFiles(files: Readonly<Record<string, Body>>, pattern: RegExp): Promise<number> {
  const run = new Run(pattern);
  const begun = performance.now();
  for (const [name, load] of Object.entries(files)) {
    // What a file does while it loads is for nothing where the pattern means another.
    const scope = await declare(`${name}:`, load);
    await run.scope(scope, [], { before: [], after: [] });
  }
  const { passed, failed } = run;
  say(`${passed} passed, ${failed} failed, ${seconds(begun)}`);
  const totals = { numPassedTests: passed, numFailedTests: failed };
  say(`totals ${JSON.stringify({ ...totals, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 })}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

interface Around {
  readonly before: readonly Body[];
  readonly after: readonly Body[];
}

class Run {
  passed = 0;
  failed = 0;

  constructor(private readonly pattern: RegExp) {}

  async scope(scope: Scope, above: readonly string[], outer: Around): Promise<void> {
    const path = [...above, scope.name];
    if (!this.#wants(scope, above)) return;
    const around = {
      before: [...outer.before, ...scope.beforeEach],
      after: [...scope.afterEach, ...outer.after],
    };
    const begun = performance.now();
    if (await this.#all(scope.beforeAll, `${path.join(" ")} (set-up)`)) {
      if (scope.beforeAll.length > 0) say(`ready  ${path.join(" ")} (${seconds(begun)})`);
      for (const part of scope.content) {
        if (!("body" in part)) await this.scope(part, path, around);
        else if (this.#wants(part, path)) await this.#case(part, path, around);
      }
    }
    await this.#all(scope.afterAll, `${path.join(" ")} (tear-down)`);
  }

  #wants(part: Case | Scope, above: readonly string[]): boolean {
    const path = [...above, part.name];
    return "body" in part ? this.pattern.test(path.join(" ")) : part.content.some((inner) => this.#wants(inner, path));
  }

  async #case({ name, body, timeout }: Case, path: readonly string[], { before, after }: Around): Promise<void> {
    const title = [...path, name].join(" ");
    const begun = performance.now();
    const failures: unknown[] = [];
    for (const part of [...before, body, ...after]) {
      await within(timeout, part).catch((error: unknown) => failures.push(error));
    }
    if (failures.length === 0) this.passed += 1;
    else this.failed += 1;
    say(`${failures.length === 0 ? "ok    " : "FAILED"} ${title} (${seconds(begun)})`);
    for (const failure of failures) say(wordsOf(failure));
  }

  /** Whether all went well; what did not counts as a test that failed. */
  async #all(bodies: readonly Body[], title: string): Promise<boolean> {
    try {
      for (const body of bodies) await within(SETTING_UP, body);
      return true;
    } catch (error) {
      this.failed += 1;
      say(`FAILED ${title}\n${wordsOf(error)}`);
      return false;
    }
  }
}

/** Milliseconds that the parts around tests may take. */
const SETTING_UP = 900_000;

async function within(milliseconds: number, body: Body): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done after ${milliseconds / 1000} s`)), milliseconds);
  try {
    await Promise.race([(async () => body())(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Object && "stack" in error ? String(error.stack) : String(error);
}

function seconds(begun: number): string {
  return `${Math.round((performance.now() - begun) / 1000)} s`;
}

function say(text: string): void {
  process.stdout.write(`${text.replaceAll(/^/gm, "test-vm: ")}\n`);
}
