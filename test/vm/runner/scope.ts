export type Body = () => unknown;

export interface Case {
  readonly name: string;
  readonly body: Body;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What `describe`, or a file, holds. */
export interface Scope {
  readonly name: string;
  readonly beforeAll: Body[];
  readonly afterAll: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
  readonly content: (Case | Scope)[];
}

/** Scopes that are being described; the last is the innermost. */
const open: Scope[] = [];

export function innermost(): Scope {
  const scope = open.at(-1);
  if (scope === undefined) throw new Error("tests are declared while their file loads");
  return scope;
}

/** The scope that `fill` declares. */
export async function declare(name: string, fill: Body): Promise<Scope> {
  const scope = emptyScope(name);
  open.push(scope);
  await fill();
  open.pop();
  return scope;
}

/** The same for a body that is not waited for, within the innermost scope. */
export function nest(name: string, fill: Body): void {
  const scope = emptyScope(name);
  innermost().content.push(scope);
  open.push(scope);
  fill();
  open.pop();
}

function emptyScope(name: string): Scope {
  return { name, beforeAll: [], afterAll: [], beforeEach: [], afterEach: [], content: [] };
}
