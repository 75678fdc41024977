/** The directory of what tsd must remember of docker's plug-ins; see `Records`. */
export function recordsBelow(root: string): string {
  return `${root}/docker`;
}
