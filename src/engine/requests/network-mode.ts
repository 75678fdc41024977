import type { ContainerSpec, NetworkAttachment, NetworkDriver } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Drivers } from "../contracts/drivers.js";
import { isIpcParameter } from "./namespace-words.js";

/** Which network namespace a container is to live in. */
export type NetworkMode =
  /** One of its own, on any number of networks. */
  | { readonly namespace: "own"; readonly attachments: readonly NetworkAttachment[] }
  | { readonly namespace: "host" }
  /** That of the container of that name or id prefix. */
  | { readonly namespace: "container"; readonly target: string }
  /** The one bound at that path. */
  | { readonly namespace: "path"; readonly target: string };

type Modes = Pick<Drivers, "singletons">;

/** A network word that is a mode: the name of a driver that has but one network, and what follows the colon. */
interface Mode {
  readonly word: string;
  readonly driver: NetworkDriver;
  readonly target: string | undefined;
}

/**
 * Decides by the networks that were asked for. Throws `invalid-input` if a mode is combined with other networks, or with
 * options it does not support.
 */
export function networkModeOf(drivers: Modes, spec: ContainerSpec): NetworkMode {
  const attachments = spec.networks ?? [];
  const modes = attachments.flatMap((attachment) => readMode(drivers, attachment.network) ?? []);
  const [mode] = modes;
  if (mode === undefined) return { namespace: "own", attachments };
  if (attachments.length > 1) throw refuseBeside(mode, attachments);
  refuseOptions(mode, spec);
  const { namespace } = mode.driver.capabilities;
  if (namespace === "own") return { namespace, attachments: [] };
  if (namespace === "host") return { namespace };
  return { namespace, target: mode.target ?? "" };
}

/** True for a word after `--net` that names no network of the user's. */
export function isMode(drivers: Modes, network: string): boolean {
  return readMode(drivers, network) !== undefined;
}

function readMode(drivers: Modes, network: string): Mode | undefined {
  const [word = ""] = network.split(":", 1);
  const driver = drivers.singletons.get(word);
  if (driver === undefined) return undefined;
  const target = network.length > word.length ? network.slice(word.length + 1) : undefined;
  const { namespace } = driver.capabilities;
  const takesTarget = namespace === "container" || namespace === "path";
  if (takesTarget === (target !== undefined && target !== "")) return { word, driver, target };
  const wanted = namespace === "path" ? "PATH" : "CONTAINER";
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_MODE_TARGET",
    message: takesTarget
      ? `network mode "${network}" names no ${wanted.toLowerCase()}`
      : `network mode "${word}" takes nothing after a colon, and "${target}" was given`,
    hint: takesTarget ? `Write ${word}:${wanted}.` : `Write --net ${word}.`,
    details: { network },
  });
}

function refuseBeside({ word }: Mode, attachments: readonly NetworkAttachment[]): TsdError {
  const others = attachments.map(({ network }) => network).filter((network) => network.split(":", 1)[0] !== word);
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_MODE_ALONE",
    message: `network mode "${word}" does not go together with ${others.length === 0 ? "itself" : others.map((other) => `"${other}"`).join(", ")}`,
    hint: "Give one mode, or networks that tsd network ls shows.",
    details: { mode: word, others },
  });
}

/** What the user asked for that only an endpoint of its own can give, or only names of its own. */
function refuseOptions({ word, driver }: Mode, spec: ContainerSpec): void {
  const { address, address6, mac, aliases = [], links, options = {} } = spec.networks?.[0] ?? {};
  const joins = driver.capabilities.namespace === "container";
  const sharesHost = driver.capabilities.namespace === "host";
  const asked: readonly (readonly [flag: string, given: boolean])[] = [
    ["--ip", address !== undefined],
    ["--ip6", address6 !== undefined],
    ["--mac-address", mac !== undefined],
    ["--network-alias", aliases.length > 0],
    ["--driver-opt", Object.keys(options).length > 0],
    ["--link", isGiven(spec.links) || isGiven(links)],
    ["--publish", joins && isGiven(spec.publish)],
    ["--publish-all", joins && spec.publishAll === true],
    ["--expose", joins && isGiven(spec.expose)],
    ["--hostname", joins && spec.hostname !== undefined],
    ["--domainname", joins && spec.domainname !== undefined],
    ["--dns", joins && isGiven(spec.dns)],
    ["--dns-search", joins && isGiven(spec.dnsSearch)],
    ["--dns-option", joins && isGiven(spec.dnsOptions)],
    ["--add-host", joins && isGiven(spec.addHosts)],
    ["--sysctl", (joins || sharesHost) && Object.keys(spec.sysctls ?? {}).some((key) => !isIpcParameter(key))],
  ];
  const flags = asked.flatMap(([flag, given]) => (given ? [flag] : []));
  if (flags.length === 0) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_MODE_WISH",
    message: `${flags.join(", ")} ${flags.length === 1 ? "does" : "do"} not go together with network mode "${word}", ${reason(driver)}`,
    hint: joins
      ? `Give ${flags.length === 1 ? "it" : "them"} to the container that is joined.`
      : "Name a network instead, or leave it out.",
    details: { mode: word, flags },
  });
}

function isGiven(list: readonly string[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function reason({ capabilities }: NetworkDriver): string {
  switch (capabilities.namespace) {
    case "container":
      return "which shares another container's network";
    case "host":
      return "which shares the host's network";
    case "path":
      return "whose namespace is not the container's own";
    case "own":
      return "which has no network";
  }
}
