import type { NetworkAttachment, RawOptions } from "../api/index.js";
import { nearestWord } from "../errors/nearest-word.js";
import { TsdError } from "../errors/tsd-error.js";
import { parsePairs, parsePriority } from "./flag-values.js";
import { optional } from "./optional.js";

type Gives = keyof NetworkAttachment;

interface Field {
  readonly gives: Gives;
  readonly value: string;
}

/** What a key after `--network` gives; podman's keys beside docker's for the same things. */
const keys: Readonly<Record<string, Gives>> = {
  name: "network",
  alias: "aliases",
  ip: "address",
  ip6: "address6",
  "mac-address": "mac",
  mac: "mac",
  "gw-priority": "gatewayPriority",
  "driver-opt": "options",
  interface_name: "options",
  host_interface_name: "options",
};

/** podman's keys that are options of the driver, by their names there. */
const optionKeys: Readonly<Record<string, string>> = { interface_name: "ifname", host_interface_name: "host_ifname" };

/**
 * Parses one value of `--network`: the name or id prefix of a network, or a mode such as `host` and `container:web`;
 * docker's `name=NET,alias=x,ip=…,driver-opt=k=v`, whose fields may stand in quotes as in CSV (RFC 4180); podman's
 * `NET:ip=…,mac=…`. Throws `invalid-input` naming the field that is wrong.
 */
export function parseNetworkFlag(text: string): NetworkAttachment {
  const given = readFields(text);
  const all = (wanted: Gives): readonly string[] =>
    given.flatMap(({ gives, value }) => (gives === wanted ? [value] : []));
  const only = (wanted: Gives): string | undefined => {
    const [value, other] = all(wanted);
    if (other === undefined) return value;
    throw invalid(text, { why: `gives both ${value} and ${other} for one thing`, hint: "Keep one of them." });
  };
  const network = only("network") ?? "";
  if (network === "") throw invalid(text, { why: "names no network", hint: "Write the name alone, or name=NETWORK,…" });
  const priority = only("gatewayPriority");
  const aliases = all("aliases");
  const options = readOptions(text, all("options"));
  return {
    network,
    ...optional("address", only("address")),
    ...optional("address6", only("address6")),
    ...optional("mac", only("mac")),
    ...optional("aliases", aliases.length === 0 ? undefined : aliases),
    ...optional("gatewayPriority", priority === undefined ? undefined : parsePriority(priority, "network gw-priority")),
    ...optional("options", Object.keys(options).length === 0 ? undefined : options),
  };
}

/** docker's form has an equals sign first, podman's a colon; a mode has a colon too, and what follows is not fields. */
function readFields(text: string): readonly Field[] {
  const mark = /["=:,]/.exec(text);
  if (!mark || /^(?:container|ns|host|none):/.test(text)) return [{ gives: "network", value: text }];
  if (mark[0] !== ":") return splitFields(text, text).map((field) => readField(text, field));
  if (!text.includes("=")) {
    const hint = "The modes are host, none, container:NAME and ns:PATH.";
    throw invalid(text, { why: "is neither a network nor a mode", hint });
  }
  const fields = splitFields(text, text.slice(mark.index + 1)).map((field) => readField(text, field));
  return [{ gives: "network", value: text.slice(0, mark.index) }, ...fields];
}

function splitFields(text: string, list: string): readonly string[] {
  const pattern = /,(?:"(?<quoted>(?:[^"]|"")*)"|(?<bare>[^",]*))(?=,|$)/y;
  const input = `,${list}`;
  const fields: string[] = [];
  while (pattern.lastIndex < input.length) {
    const groups = pattern.exec(input)?.groups;
    if (groups === undefined) {
      throw invalid(text, { why: "has a quote within a field", hint: 'Quote fields as a whole: "driver-opt=k=v,w".' });
    }
    fields.push(groups.quoted?.replaceAll('""', '"') ?? groups.bare ?? "");
  }
  return fields;
}

function readField(text: string, field: string): Field {
  const [typed = ""] = field.split("=", 1);
  const key = typed.trim();
  const value = field.slice(typed.length + 1).trim();
  if (key === "" || !field.includes("=")) {
    const why = `has "${field}" where a key and a value belong`;
    throw invalid(text, { why, hint: "Write for example name=web,alias=www,ip=10.0.0.9." });
  }
  const gives = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (gives === undefined) {
    const nearest = nearestWord(key, Object.keys(keys));
    const hint = nearest === undefined ? `Use one of: ${Object.keys(keys).join(", ")}.` : `Did you mean ${nearest}?`;
    throw invalid(text, { why: `has no key "${key}"`, hint });
  }
  if (value === "") throw invalid(text, { why: `gives ${key} no value`, hint: `Write ${key}=VALUE, or leave it out.` });
  if (key === "ip" && value.includes(":")) return { gives: "address6", value };
  const option = optionKeys[key];
  return { gives, value: option === undefined ? value : `${option}=${value}` };
}

function readOptions(text: string, pairs: readonly string[]): RawOptions {
  const options = parsePairs(pairs, { flag: "network driver-opt", example: "driver-opt=ifname=lan0" });
  if (Object.keys(options).length === pairs.length) return options;
  throw invalid(text, { why: "gives one option twice", hint: "Keep one of them." });
}

function invalid(text: string, { why, hint }: { readonly why: string; readonly hint: string }): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--network "${text}" ${why}`,
    hint,
    details: { value: text },
  });
}
