/** The extension that a module means to export: the default export of an ES module; of a CommonJS module too that was one, else all that it exports. */
export function extensionOf(exported: unknown): unknown {
  if (typeof exported !== "object" || !exported) return exported;
  const { default: main, extension } = exported as { readonly default?: unknown; readonly extension?: unknown };
  return main ?? extension ?? exported;
}
