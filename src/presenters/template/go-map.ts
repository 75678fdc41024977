/**
 * Data whose keys are words of users: labels, networks by their names. In templates such a map has any key, prints its
 * entries in the order of their keys, and is false where it is empty, as a map of Go's. JSON has it as any object.
 */
export function goMap<T>(entries: Readonly<Record<string, T>> = {}): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), entries);
}
