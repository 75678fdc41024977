/** Whether two texts of records say the same: other parts of tsd write members in another order. */
export function isSame(found: string | undefined, text: string): boolean {
  if (found === text) return true;
  try {
    return sorted(JSON.parse(found ?? "")) === sorted(JSON.parse(text));
  } catch {
    return false;
  }
}

function sorted(record: object): string {
  return JSON.stringify(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
