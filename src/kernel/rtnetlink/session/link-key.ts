/** A key for a link of a namespace; no name holds a newline. */
export function linkKey(netns: string | undefined, link: string): string {
  return `${netns ?? ""}\n${link}`;
}
