import { invalidConfig } from "./errors.js";
import { shown } from "./shown.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a runtime writes as JSON, key by key. A key with another type of value is refused; null counts as absent. */
export class Fields {
  constructor(
    readonly values: JsonObject,
    /** Where it stands in the whole: `runtimeConfig.` */
    private readonly at = "",
  ) {}

  string(key: string): string | undefined {
    return this.read(key, "a string", (value) => typeof value === "string");
  }

  number(key: string): number | undefined {
    return this.read(key, "a whole number", Number.isInteger);
  }

  /** The words "true" and "false" count, too, as in CNI's own library. */
  boolean(key: string): boolean | undefined {
    const value: boolean | string | undefined = this.read(key, "true or false", (one) =>
      [true, false, "true", "false"].includes(one as boolean),
    );
    return value === undefined ? undefined : value === true || value === "true";
  }

  strings(key: string): readonly string[] | undefined {
    return this.read(
      key,
      "a list of strings",
      (value) => isList(value) && value.every((one) => typeof one === "string"),
    );
  }

  object(key: string): Fields | undefined {
    const value = this.read<JsonObject>(key, "an object", isObject);
    return value === undefined ? undefined : new Fields(value, `${this.at}${key}.`);
  }

  objects(key: string): readonly Fields[] | undefined {
    const list = this.read<readonly JsonObject[]>(
      key,
      "a list of objects",
      (value) => isList(value) && value.every(isObject),
    );
    return list?.map((value, index) => new Fields(value, `${this.at}${key}[${index}].`));
  }

  private read<T>(key: string, expected: string, isExpected: (value: unknown) => boolean): T | undefined {
    const value = Object.hasOwn(this.values, key) ? this.values[key] : undefined;
    if (value === undefined || value === null) return undefined;
    if (isExpected(value)) return value as T;
    throw invalidConfig(`${this.at}${key}: ${shown(value)} is not ${expected}`, "Correct the network configuration.");
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
