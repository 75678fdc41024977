import { canonicalOptions, commonEndpointOptions, type Option, type RawOptions } from "../../api/index.js";
import { readCapabilities } from "./endpoint-capabilities.js";

/** The pairs in two parts: those of `options`, under their canonical keys, and the others. */
export function splitOptions(
  raw: RawOptions,
  { options, of, flag }: { readonly options: readonly Option[]; readonly of: string; readonly flag: string },
): { readonly known: RawOptions; readonly others: RawOptions } {
  const names = options.flatMap((option) => option.names);
  const isKnown = ([key]: readonly [string, string]): boolean => names.includes(key);
  const pairs = Object.entries(raw);
  return {
    known: canonicalOptions({ of, flag, options }, Object.fromEntries(pairs.filter(isKnown))),
    others: Object.fromEntries(pairs.filter((pair) => !isKnown(pair))),
  };
}

const endpointOptions = { of: "CNI", flag: "--driver-opt", options: commonEndpointOptions };

/** What tsd's own options and capabilities say of one endpoint. */
export function parseEndpointOptions(raw: RawOptions): RawOptions {
  const { known, others } = splitOptions(raw, endpointOptions);
  readCapabilities(others);
  return { ...known, ...others };
}

/** Those of an endpoint that are capabilities. */
export function capabilityOptions(options: RawOptions = {}): RawOptions {
  return splitOptions(options, endpointOptions).others;
}
