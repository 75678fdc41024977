import { isIP } from "node:net";
import {
  canonicalOptions,
  commonEndpointOptions,
  ifacePrefixOption,
  type OptionTable,
  type RawOptions,
} from "../../api/index.js";

/** What tsd itself reads of a network's options; all others are the plug-in's. */
const networkOptions: OptionTable = {
  of: "a docker plug-in",
  flag: "-o",
  options: [
    ifacePrefixOption,
    {
      names: ["host_binding", "com.docker.network.bridge.host_binding_ipv4"],
      valid: (value) => isIP(value) !== 0,
      expected: "an IP address",
    },
  ],
};

const endpointOptions: OptionTable = { of: "a docker plug-in", flag: "--driver-opt", options: commonEndpointOptions };

export const readNetworkOptions = (raw: RawOptions): RawOptions => readOptions(networkOptions, raw);
export const readEndpointOptions = (raw: RawOptions): RawOptions => readOptions(endpointOptions, raw);

/** Those that the plug-in gets of a network's. */
export const pluginsOwn = (options: RawOptions): RawOptions => pick(options, (key) => !isOf(networkOptions, key));

/** Those of an endpoint, under docker's names. */
export function dockersNames(options: RawOptions): RawOptions {
  const { ifname, sysctls, ...others } = options;
  return {
    ...others,
    ...(ifname === undefined ? {} : { "com.docker.network.endpoint.ifname": ifname }),
    ...(sysctls === undefined ? {} : { "com.docker.network.endpoint.sysctls": sysctls }),
  };
}

/** Checks tsd's own, and lets the others through. */
function readOptions(table: OptionTable, raw: RawOptions): RawOptions {
  const own = canonicalOptions(
    table,
    pick(raw, (key) => isOf(table, key)),
  );
  return { ...pick(raw, (key) => !isOf(table, key)), ...own };
}

function isOf({ options }: OptionTable, key: string): boolean {
  return options.some(({ names }) => names.includes(key));
}

function pick(options: RawOptions, takes: (key: string) => boolean): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => takes(key)));
}
