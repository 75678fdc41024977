/** Where a resource lives: the path of a bound network namespace; absent means the namespace of the caller, "the host". */
export interface InNetns {
  readonly netns?: string;
}
