/** A command line as it would be typed for the namespace at `netns`. */
export function nsenterCommand(netns: string | undefined, command: string): string {
  return netns === undefined ? command : `nsenter --net=${netns} ${command}`;
}
