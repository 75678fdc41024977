/** A JSON object that a plug-in sent. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && Boolean(value) && !Array.isArray(value);
}

/** As Go decodes: by the exact name, or else in whatever case. Undefined for an absent one and for JSON's null. */
export function fieldOf(value: Fields, name: string): unknown {
  const key = Object.hasOwn(value, name)
    ? name
    : Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (value[key] ?? undefined);
}

/** Empty where it is absent. Throws an error for what is no text. */
export function textOf(value: Fields, name: string): string {
  const found = fieldOf(value, name) ?? "";
  if (typeof found === "string") return found;
  throw new TypeError(`${name} is no text`);
}
