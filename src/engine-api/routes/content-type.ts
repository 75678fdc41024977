/** Since 1.42 docker says whether a stream is framed; before, both had one name. */
export function contentTypeOf(tty: boolean, minor: number): string {
  const isRaw = tty || minor < 42;
  return `application/vnd.docker.${isRaw ? "raw" : "multiplexed"}-stream`;
}
