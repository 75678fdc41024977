import { canonicalOptions, commonEndpointOptions, hostIfnameOption, type RawOptions } from "../../api/index.js";

/** What `--driver-opt` takes of a driver, in its words. */
export function parseEndpointOptions(driver: string, raw: RawOptions): RawOptions {
  const options = [...commonEndpointOptions, hostIfnameOption];
  return canonicalOptions({ of: `the ${driver} driver`, flag: "--driver-opt", options }, raw);
}
