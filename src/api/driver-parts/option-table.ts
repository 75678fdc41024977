import { TsdError } from "../../errors/tsd-error.js";
import type { RawOptions } from "../network.js";

/** One key that users may give, and what it takes. */
export interface Option {
  readonly names: readonly [canonical: string, ...aliases: string[]];
  readonly valid: (value: string, key: string) => boolean;
  /** Words for what is valid: `true or false`. */
  readonly expected: string;
}

/** The options of one kind that a driver takes. */
export interface OptionTable {
  /** Who takes them, in words for an error: `the bridge driver`. */
  readonly of: string;
  /** How users give them: `-o`. */
  readonly flag: string;
  readonly options: readonly Option[];
}

/**
 * Brings pairs under their canonical keys. Throws `invalid-input` naming an unknown key, a bad value, or two keys that
 * mean the same and say different things.
 */
export function canonicalOptions({ of, flag, options }: OptionTable, raw: RawOptions): RawOptions {
  const given = new Map<string, readonly [key: string, value: string]>();
  for (const [key, value] of Object.entries(raw)) {
    const option = options.find(({ names }) => names.includes(key));
    if (option === undefined) throw unknownOption(of, key, options);
    if (!option.valid(value, key)) throw badValue(flag, [key, value], option.expected);
    const [canonical] = option.names;
    const [other, before] = given.get(canonical) ?? [key, value];
    if (before !== value) throw twoValues([other, before], [key, value]);
    given.set(canonical, [key, value]);
  }
  return Object.fromEntries(Array.from(given, ([canonical, [, value]]) => [canonical, value]));
}

/** One of some words. */
export function wordOption(...words: readonly string[]): Pick<Option, "valid" | "expected"> {
  const expected = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
  return { valid: (value) => words.includes(value), expected };
}

export const booleanOption: Pick<Option, "valid" | "expected"> = {
  valid: (value) => value === "true" || value === "false",
  expected: "true or false",
};

/** Bytes. */
export const mtuOption: Option = {
  names: ["mtu", "com.docker.network.driver.mtu"],
  valid: (value) => /^\d{1,5}$/.test(value) && Number(value) >= 68 && Number(value) <= 65535,
  expected: "a number of bytes from 68 to 65535",
};

/** How interfaces in containers are called, as {@link CommonOptions} say. */
export const ifacePrefixOption: Option = {
  names: ["iface_prefix", "com.docker.network.container_iface_prefix"],
  // Three digits may follow.
  valid: (value) => /^[A-Za-z][A-Za-z0-9_.-]{0,11}$/.test(value),
  expected: "the beginning of an interface name, at most 12 characters",
};

/** The name of a link. */
export const interfaceOption: Pick<Option, "valid" | "expected"> = {
  // IFNAMSIZ − 1 bytes; the kernel refuses slashes, colons and white space (dev_valid_name), and the two names that mean
  // something else below net/ipv4/conf (sysctl_dev_name_is_allowed).
  valid: (value) => /^(?!(all|default)$)[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(value),
  expected: "an interface name of at most 15 characters",
};

function unknownOption(of: string, key: string, options: readonly Option[]): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_OPTION_UNKNOWN",
    message: `${of} has no option "${key}"`,
    hint: `Use one of: ${options.map(({ names }) => names[0]).join(", ")}.`,
    details: { key },
  });
}

function badValue(flag: string, [key, value]: readonly [string, string], expected: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_OPTION_INVALID",
    message: `option ${key}=${value} is not ${expected}`,
    hint: `Give ${flag} ${key}= ${expected}.`,
    details: { key, value },
  });
}

function twoValues(one: readonly [string, string], other: readonly [string, string]): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_OPTION_TWICE",
    message: `options ${one.join("=")} and ${other.join("=")} mean the same and contradict each other`,
    hint: "Give one of them.",
    details: { options: [one.join("="), other.join("=")] },
  });
}
