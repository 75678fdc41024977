/** Variables that have a tsd load a module before anything else, in Node.js and as an executable. */
export function preloading(module: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${module}`, BUN_OPTIONS: `--preload=${module}` };
}
