import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { HostSettings, PoolBase } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

interface Kind {
  readonly holds: (value: unknown) => boolean;
  readonly expected: string;
}

const isText = (value: unknown): value is string => typeof value === "string";
const flag: Kind = { holds: (value) => typeof value === "boolean", expected: "true or false" };
const cidr4: Kind = {
  holds: (value) => readCidrFamily(value) === 4,
  expected: "an IPv4 address and a prefix length, as in 10.10.0.0/24",
};
const cidr6: Kind = {
  holds: (value) => readCidrFamily(value) === 6,
  expected: "an IPv6 address and a prefix length, as in fd00:1::/64",
};
const bridgeAddress: Kind = {
  holds: (value) => isText(value) && readCidrFamily(value) === 4 && hasHostPart(value),
  expected: "the address of a bridge and a prefix length, as in 10.10.0.1/24",
};

/** One entry for each key of {@link HostSettings}, which are the keys of the file; most are flags of `tsd system init`. */
const kinds: Readonly<Record<keyof HostSettings, Kind>> = {
  bridge: {
    // IFNAMSIZ − 1 bytes, see dev_valid_name in the kernel.
    holds: (value) => isText(value) && /^[A-Za-z0-9][\w.-]{0,14}$/.test(value),
    expected: "the name of a bridge, or none",
  },
  bip: bridgeAddress,
  "fixed-cidr": cidr4,
  ipv6: flag,
  "fixed-cidr-v6": cidr6,
  icc: flag,
  "ip-forward": flag,
  ip: { holds: (value) => isText(value) && readFamily(value) !== undefined, expected: "an IP address" },
  mtu: {
    holds: (value) => value === "auto" || (Number.isInteger(value) && Number(value) >= 68 && Number(value) <= 65535),
    expected: "a number of bytes from 68 to 65535, or auto",
  },
  "default-address-pools": {
    holds: (value) => Array.isArray(value) && value.every(isPoolBase),
    expected: 'a list such as [{"base": "10.80.0.0/12", "size": 24}]',
  },
  nat: {
    // Whether there is such a backend is for the one who loads it to say.
    holds: (value) => isText(value) && /^[a-z][a-z0-9-]{0,31}$/.test(value),
    expected: "the name of a NAT backend, or auto",
  },
  registries: {
    holds: isRegistrySettings,
    expected: 'such as {"mirrors": {"docker.io": ["https://mirror.example"]}, "insecure": ["registry.example:5000"]}',
  },
};

/** Checks each value by itself. Throws `invalid-input` naming `source`, key and value. */
export function parseSettings(value: unknown, source: string): HostSettings {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${source} does not hold an object`, 'Write for example {"bip": "10.10.0.1/24"}.', {});
  }
  for (const [key, setting] of Object.entries(value)) {
    if (!Object.hasOwn(kinds, key)) {
      throw invalid(`${source} has no setting "${key}"`, `Use one of: ${Object.keys(kinds).join(", ")}.`, { key });
    }
    const { holds, expected } = kinds[key as keyof HostSettings];
    if (holds(setting)) continue;
    const message = `${source}: ${key} ${JSON.stringify(setting)} is not ${expected}`;
    throw invalid(message, "Correct it, or leave it out.", { key });
  }
  return value as HostSettings;
}

/** Throws `invalid-input` for settings that contradict each other. */
export function checkSettings(settings: HostSettings): HostSettings {
  const { bridge, bip, nat, icc } = settings;
  if (bridge !== undefined && bip !== undefined) {
    const why =
      bridge === "none"
        ? "there is no bridge to give the address to"
        : "the address of a bridge that exists is taken over";
    throw invalid(`--bridge ${bridge} and --bip ${bip} do not go together: ${why}`, "Leave one of them out.", {
      bridge,
      bip,
    });
  }
  if (nat === "none" && icc === false) {
    throw invalid(
      "--nat none and --icc=false do not go together: without packet rules nothing keeps containers apart",
      "Leave one of them out.",
      { nat, icc },
    );
  }
  return settings;
}

/** Of an address without zone; undefined for anything else. */
function readFamily(text: string): 4 | 6 | undefined {
  const family = text.includes("%") ? 0 : isIP(text);
  return family === 4 || family === 6 ? family : undefined;
}

/** Of an address with prefix length; undefined for anything else. */
function readCidrFamily(value: unknown): 4 | 6 | undefined {
  if (!isText(value)) return undefined;
  const [, address = "", length] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = readFamily(address);
  return Number(length) <= (family === 4 ? 32 : 128) ? family : undefined;
}

/** Of an IPv4 CIDR; false for the address of the network itself. */
function hasHostPart(text: string): boolean {
  const [address] = ipaddr.IPv4.parseCIDR(text);
  return ipaddr.IPv4.networkAddressFromCIDR(text).toString() !== address.toString();
}

function isPoolBase(value: unknown): value is PoolBase {
  if (typeof value !== "object" || value === null) return false;
  const { base, size, ...rest } = value as Record<string, unknown>;
  return readCidrFamily(base) !== undefined && Number.isInteger(size) && Object.keys(rest).length === 0;
}

/** `HOST[:PORT]`, as names of images begin. */
const REGISTRY = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

function isRegistrySettings(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { mirrors = {}, insecure = [], ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0 || !isListOf(insecure, (host) => REGISTRY.test(host))) return false;
  if (typeof mirrors !== "object" || mirrors === null || Array.isArray(mirrors)) return false;
  return Object.entries(mirrors).every(([host, places]) => REGISTRY.test(host) && isListOf(places, isMirror));
}

function isListOf(value: unknown, holds: (text: string) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isText(item) && holds(item));
}

/** A scheme and a host, and nothing behind it. */
function isMirror(text: string): boolean {
  const [, host] = /^https?:\/\/([^/]+)\/?$/.exec(text) ?? [];
  return host !== undefined && REGISTRY.test(host);
}

function invalid(message: string, hint: string, details: Readonly<Record<string, unknown>>): TsdError {
  return new TsdError({ kind: "invalid-input", code: "TSD_SETTING_INVALID", message, hint, details });
}
