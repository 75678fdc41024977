import type { TsdError } from "../../errors/tsd-error.js";
import { damagedArchive } from "./damaged-archive.js";
import { limits, tooMany } from "./limits.js";

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

/** Where a document lies. */
export interface DocumentPlace {
  /** Names the archive in errors. */
  readonly archive: string;
  /** The archive's member. */
  readonly member: string;
}

/**
 * A part of a JSON document of an image, with the way to it: `config.Env[2]`. What is null is as good as missing, as it is to
 * Go programs. Each way to read it throws `invalid-input`, naming the field, where something else is there.
 */
export class JsonField {
  private constructor(
    private readonly value: Json | undefined,
    private readonly path: string,
    private readonly place: DocumentPlace,
  ) {}

  static parse(document: Buffer, place: DocumentPlace): JsonField {
    try {
      return new JsonField(JSON.parse(document.toString("utf8")), "", place);
    } catch (cause) {
      throw damagedArchive(place.archive, "is damaged: one of its JSON documents cannot be read", cause);
    }
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The part under a key; missing where this is. */
  at(key: string): JsonField {
    const value = this.object();
    return new JsonField(
      Object.hasOwn(value, key) ? value[key] : undefined,
      this.path === "" ? key : `${this.path}.${key}`,
      this.place,
    );
  }

  /** Keys and what is under them; none where this is missing. */
  entries(): readonly (readonly [string, JsonField])[] {
    const value = this.object();
    const keys = Object.keys(value);
    this.bound(keys.length);
    return keys.map((key) => [key, new JsonField(value[key], `${this.path}[${quoted(key)}]`, this.place)]);
  }

  /** None where this is missing. */
  items(): readonly JsonField[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.value)) throw this.wrongType("a list");
    this.bound(this.value.length);
    return this.value.map((item, at) => new JsonField(item, `${this.path}[${at}]`, this.place));
  }

  /** Undefined where this is missing. */
  text(): string | undefined {
    if (this.isMissing) return undefined;
    if (typeof this.value !== "string") throw this.wrongType("a string");
    return this.value;
  }

  /** Undefined where this is missing. */
  number(): number | undefined {
    if (this.isMissing) return undefined;
    if (typeof this.value !== "number") throw this.wrongType("a number");
    return this.value;
  }

  /** Undefined where this is missing. */
  flag(): boolean | undefined {
    if (this.isMissing) return undefined;
    if (typeof this.value !== "boolean") throw this.wrongType("true or false");
    return this.value;
  }

  requiredText(): string {
    if (typeof this.value !== "string") throw this.wrongType("a string");
    return this.value;
  }

  /** A number of bytes, up to `most`. */
  size(most: number): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > most)
      throw this.invalid(`a number of bytes up to ${most}`);
    return value;
  }

  /** The error for a value of the right type that makes no sense. `wanted` continues "is …, not". */
  invalid(wanted: string): TsdError {
    return this.refused(`${quoted(this.value)}, not ${wanted}`);
  }

  private object(): JsonObject {
    if (this.isMissing) return {};
    if (typeof this.value !== "object" || Array.isArray(this.value)) throw this.wrongType("an object");
    return this.value as JsonObject;
  }

  private wrongType(wanted: string): TsdError {
    return this.refused(`${nameOfType(this.value)}, not ${wanted}`);
  }

  private refused(why: string): TsdError {
    const { archive, member } = this.place;
    return damagedArchive(archive, `is damaged: ${this.what()} in "${member}" is ${why}`);
  }

  private bound(count: number): void {
    const { archive, member } = this.place;
    if (count > limits.entries)
      throw tooMany(archive, `entries in ${this.what()} of "${member}"`, count, limits.entries);
  }

  private what(): string {
    return this.path === "" ? "the whole" : this.path;
  }
}

function nameOfType(value: Json | undefined): string {
  if (value === undefined || value === null) return "missing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Enough of a value to find it by. */
const QUOTED_MAX = 60;

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text;
}
