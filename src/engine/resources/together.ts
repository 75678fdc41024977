/**
 * Returns what both return. Where one fails it waits for the other all the same, since what that makes is to be undone, and then
 * throws the first one's error.
 */
export async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
