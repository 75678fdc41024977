import type { RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

export interface BridgeOptions {
  /** Name of the bridge interface; absent: derived from the network's id. */
  readonly name?: string;
  /** Bytes; absent: the kernel's default. */
  readonly mtu?: number;
  /** Give packets that leave the bridge the host's address. */
  readonly masquerade: boolean;
}

interface Option {
  readonly names: readonly [canonical: string, ...aliases: string[]];
  readonly valid: (value: string) => boolean;
  readonly expected: string;
}

const options: readonly Option[] = [
  {
    names: ["name", "com.docker.network.bridge.name"],
    // IFNAMSIZ − 1 bytes; the kernel refuses slashes, colons and white space (dev_valid_name).
    valid: (value) => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(value),
    expected: "an interface name of at most 15 characters",
  },
  {
    names: ["mtu", "com.docker.network.driver.mtu"],
    valid: (value) => /^\d{1,5}$/.test(value) && Number(value) >= 68 && Number(value) <= 65535,
    expected: "a number of bytes from 68 to 65535",
  },
  {
    names: ["masquerade", "ip_masq", "com.docker.network.bridge.enable_ip_masquerade"],
    valid: (value) => value === "true" || value === "false",
    expected: "true or false",
  },
];

/** Brings `-o` pairs under their canonical names. Throws `invalid-input` naming an unknown key or a bad value. */
export function canonicalOptions(raw: RawOptions): RawOptions {
  const canonical: Record<string, string> = {};
  for (const [key, value] of Object.entries(raw)) {
    const option = options.find(({ names }) => names.includes(key));
    if (option === undefined) throw unknownOption(key);
    if (!option.valid(value)) throw badValue(key, value, option.expected);
    canonical[option.names[0]] = value;
  }
  return canonical;
}

/** Reads what {@link canonicalOptions} answered. */
export function readOptions(canonical: RawOptions): BridgeOptions {
  const { name, mtu, masquerade } = canonical;
  return {
    ...(name === undefined ? {} : { name }),
    ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
    masquerade: masquerade !== "false",
  };
}

function unknownOption(key: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_OPTION_UNKNOWN",
    message: `the bridge driver has no option "${key}"`,
    hint: `Use one of: ${options.map(({ names }) => names[0]).join(", ")}.`,
    details: { key },
  });
}

function badValue(key: string, value: string, expected: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_OPTION_INVALID",
    message: `option ${key}=${value} is not ${expected}`,
    hint: `Give -o ${key}= ${expected}.`,
    details: { key, value },
  });
}
