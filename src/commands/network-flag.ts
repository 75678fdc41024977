import type { NetworkAttachment } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { splitPair } from "./flag-values.js";

/** An attachment while it is being read. */
type Draft = { -readonly [K in keyof NetworkAttachment]: NetworkAttachment[K] };

type Setter = (draft: Draft, value: string) => void;

/** Keys of the long form: docker's, then podman's words for the same. */
const setters: Readonly<Record<string, Setter>> = {
  alias: (draft, value) => {
    draft.aliases = [...(draft.aliases ?? []), value];
  },
  ip: (draft, value) => {
    draft[value.includes(":") ? "address6" : "address"] = value;
  },
  ip6: (draft, value) => {
    draft.address6 = value;
  },
  "mac-address": (draft, value) => {
    draft.mac = value;
  },
  mac: (draft, value) => {
    draft.mac = value;
  },
  "gw-priority": (draft, value) => {
    draft.gatewayPriority = parsePriority(value);
  },
  "driver-opt": (draft, value) => addOption(draft, value),
  interface_name: (draft, value) => addOption(draft, `ifname=${value}`),
  host_interface_name: (draft, value) => addOption(draft, `host_ifname=${value}`),
};

/** Words before a colon that are modes, whose targets may hold anything. */
const modes = ["container", "ns", "host", "none"];

/**
 * A value of `--network`: a name or a mode; docker's `name=NET,ip=…,alias=…`; or podman's `NET:ip=…,alias=…`. Throws
 * `invalid-input` naming a key that is unknown or a value that is missing.
 */
export function parseNetworkFlag(text: string): NetworkAttachment {
  const [word = ""] = text.split(":", 1);
  if (modes.includes(word)) return { network: text };
  if (/^[^:,]*=/.test(text)) return readPairs(text, text.split(","));
  const colon = text.indexOf(":");
  if (colon === -1) return { network: requireName(text, text) };
  if (!text.includes("=")) {
    throw invalid(
      `--network "${text}" is neither a network nor a mode`,
      "The modes are host, none, container:NAME and ns:PATH.",
    );
  }
  return { ...readPairs(text, text.slice(colon + 1).split(",")), network: requireName(text, word) };
}

/** `--gw-priority`. */
export function parsePriority(text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw invalid(`--gw-priority "${text}" is not a whole number`, "Write for example 10; the highest wins.");
}

/** `KEY=value` each, of `--driver-opt`. */
export function readDriverOptions(texts: readonly string[] | undefined): Pick<NetworkAttachment, "options"> {
  const draft: Draft = { network: "" };
  for (const text of texts ?? []) addOption(draft, text);
  return draft.options === undefined ? {} : { options: draft.options };
}

function readPairs(text: string, pairs: readonly string[]): NetworkAttachment {
  const draft: Draft = { network: "" };
  for (const pair of pairs) {
    const [key, value] = splitPair(pair, { flag: "network", example: "name=web,alias=www" });
    if (value === "")
      throw invalid(`--network "${text}" gives ${key} no value`, "Write KEY=value, separated by commas.");
    if (key === "name") draft.network = value;
    else (setters[key] ?? refuseKey(text, key))(draft, value);
  }
  if (!/^[^:,]*=/.test(text)) return draft;
  return { ...draft, network: requireName(text, draft.network) };
}

function requireName(text: string, name: string): string {
  if (name !== "") return name;
  throw invalid(`--network "${text}" names no network`, "Write the name alone, or name=NETWORK,KEY=value,…");
}

function addOption(draft: Draft, text: string): void {
  const [key, value] = splitPair(text, { flag: "driver-opt", example: "ifname=lan0" });
  draft.options = { ...draft.options, [key]: value };
}

function refuseKey(text: string, key: string): never {
  throw invalid(`--network "${text}" has no key "${key}"`, `Use one of: name, ${Object.keys(setters).join(", ")}.`);
}

function invalid(message: string, hint: string): TsdError {
  return new TsdError({ kind: "invalid-input", code: "TSD_FLAG_INVALID", message, hint });
}
