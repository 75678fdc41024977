/** A key for a link of a namespace; no name holds a newline. */
export function placeOf(netns: string | undefined, link: string): string {
  return `${netns ?? ""}\n${link}`;
}
