import type { RawOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Case } from "./chapter.js";
import { expectRefusal, expectSame, failureOf, words } from "./expectations.js";

/** One reader of options: a driver's two, and that of an IPAM driver. */
export interface OptionReader {
  /** How a user gives them: `-o`. */
  readonly flag: string;
  readonly parse: (raw: RawOptions) => RawOptions;
  /** Pairs that it takes. */
  readonly samples: readonly RawOptions[];
}

const unknownKey = "tsd-kit.no-such-option";
/** What a user may type, by mistake or on purpose. */
const hostileValues = [
  "",
  " ",
  "\0",
  "../../etc/passwd",
  "$(id)",
  "-1",
  "1e999",
  "\u202e",
  "x".repeat(70_000),
] as const;
const hostileKeys = ["__proto__", "constructor", "toString", "", " ", "a\nb"] as const;

/** What every reader of options does. */
export function optionCases({ flag, parse, samples }: OptionReader): readonly Case[] {
  const frozen = samples.map((sample) => Object.freeze({ ...sample }));
  return [
    {
      name: `refuses an unknown key after ${flag}, and names it`,
      run: () =>
        expectRefusal(`${flag} ${unknownKey}=1`, () => parse({ [unknownKey]: "1" }), {
          kind: "invalid-input",
          named: unknownKey,
        }),
    },
    {
      name: `takes what it returned for ${flag} again, and returns the same`,
      run: () => {
        for (const sample of [{}, ...frozen]) {
          const canonical = parse(sample);
          for (const [key, value] of Object.entries(canonical))
            expectSame(`the type of ${key}`, typeof value, "string");
          expectSame(`options ${words(sample)} read a second time`, parse(Object.freeze(canonical)), canonical);
        }
      },
    },
    {
      name: `replies to hostile keys and values of ${flag} in words alone`,
      run: async () => {
        const known = new Set(samples.flatMap((sample) => [...Object.keys(sample), ...Object.keys(parse(sample))]));
        for (const key of known) for (const value of hostileValues) await refusesInWords(parse, { [key]: value });
        for (const key of hostileKeys) {
          const pair = Object.fromEntries([[key, "1"]]);
          await expectRefusal(`${flag} ${words(pair)}`, () => parse(pair), { kind: "invalid-input" });
        }
      },
    },
  ];
}

/** It may take them; what it throws must be for people. */
async function refusesInWords(parse: OptionReader["parse"], pair: RawOptions): Promise<void> {
  const error = await failureOf(() => parse(pair));
  if (error !== undefined && !TsdError.is(error, "invalid-input")) {
    throw new Error(`options ${words(pair)}: expected a TsdError of kind invalid-input, found ${words(error)}`);
  }
}
