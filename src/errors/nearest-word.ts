/**
 * The word of `known` that `typed` is a slip of, for "did you mean"; undefined where none is close: more than a third of
 * the letters would have to change, and more than one, or two of a word of five and more.
 */
export function nearestWord(typed: string, known: readonly string[]): string | undefined {
  const limit = Math.max(typed.length < 5 ? 1 : 2, Math.floor(typed.length / 3));
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of known) {
    const distance = editDistance(typed, word);
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { word, distance };
  }
  return best?.word;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other (Damerau and
 * Levenshtein's distance, in its form of optimal string alignment).
 */
function editDistance(from: string, to: string): number {
  let last: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? (last[column - 2] ?? 0) + 1 : replaced;
      current.push(Math.min(replaced, swapped, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    last = above;
    above = current;
  }
  return above[to.length] ?? 0;
}
