/** What links keys: each has some ties, and two that have one in common belong together. */
export class Ties {
  private readonly ofKey = new Map<string, readonly string[]>();
  /** Nearly all ties have one key or a few. */
  private readonly keys = new Map<string, Set<string> | string>();

  clear(): void {
    this.ofKey.clear();
    this.keys.clear();
  }

  /** In place of those that it had; undefined: there is no such key any more. */
  set(key: string, ties: readonly string[] | undefined): void {
    for (const tie of this.ofKey.get(key) ?? []) this.untie(tie, key);
    this.ofKey.delete(key);
    if (ties === undefined) return;
    this.ofKey.set(key, ties);
    for (const tie of ties) this.tie(tie, key);
  }

  having(tie: string): readonly string[] {
    const found = this.keys.get(tie);
    if (found === undefined) return [];
    return typeof found === "string" ? [found] : [...found];
  }

  /** These, and all that belong together with one of them. */
  around(keys: Iterable<string>): ReadonlySet<string> {
    const group = new Set(keys);
    const passed = new Set<string>();
    // What is added meanwhile is met as well.
    for (const key of group)
      for (const tie of this.ofKey.get(key) ?? []) {
        if (passed.has(tie)) continue;
        passed.add(tie);
        for (const other of this.having(tie)) group.add(other);
      }
    return group;
  }

  private tie(tie: string, key: string): void {
    const found = this.keys.get(tie);
    if (found === undefined) this.keys.set(tie, key);
    else if (typeof found === "string") this.keys.set(tie, new Set([found, key]));
    else found.add(key);
  }

  private untie(tie: string, key: string): void {
    const found = this.keys.get(tie);
    if (found === key) this.keys.delete(tie);
    if (found === undefined || typeof found === "string") return;
    found.delete(key);
    if (found.size === 0) this.keys.delete(tie);
  }
}
