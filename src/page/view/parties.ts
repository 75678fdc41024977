import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, MapStack, PortBinding } from "../../api/index.js";
import { isOff } from "../../presenters/map/map-words.js";
import { stackKey } from "../../presenters/map/stack-box.js";
import { hostPort } from "../../presenters/port-list.js";

/** Who can call or be called. */
export interface Party {
  /** As `tsd explain` takes it. */
  readonly word: string;
  /** By which the picture has it. */
  readonly key: string;
}

/** Above it a list to choose from helps no reader. */
const most = 1000;
/** Ports that are proposed of one party. */
const mostPorts = 8;

export function partiesOf({ stacks, networks }: HostMap): readonly Party[] {
  return [
    { word: "outside", key: "world" },
    { word: "host", key: "host" },
    ...stacks.flatMap((stack) => {
      const word = wordOf(stack);
      return word === undefined ? [] : [{ word, key: stackKey(stack) }];
    }),
    ...networks.map(({ id, name }) => ({ word: name, key: id })),
  ].slice(0, most);
}

/** Undefined for what is no place that tsd can look from. */
function wordOf(stack: MapStack): string | undefined {
  if (stack.elsewhere !== undefined || isOff(stack)) return undefined;
  return stack.containers[0]?.name ?? `netns:${stack.id}`;
}

/** What of one who is called can be called by its published ports, the most likely first: its own ports, or from outside the host's. */
export function targetsOf(map: HostMap, from: string, to: string): readonly string[] {
  const stack = map.stacks.find(({ containers }) => containers.some(({ name, id }) => name === to || id === to));
  if (stack === undefined) return [];
  const ports = stack.attachments.flatMap((one) => one.ports);
  const isOutside = from === "outside" || from === "host";
  const words = ports.map((port) =>
    isOutside ? publishedAt(map, port) : `${to}:${port.containerPort}/${port.protocol}`,
  );
  return [...new Set([...words, to])].slice(0, mostPorts);
}

function publishedAt({ uplinks }: HostMap, { hostAddress, hostPort: port, protocol }: PortBinding): string {
  const isAny = hostAddress === undefined || hostAddress === "0.0.0.0" || hostAddress === "::";
  const own = uplinks.flatMap(({ addresses }) => addresses).map(withoutPrefix);
  const address = isAny ? (own.find((one) => one.includes(":") === (hostAddress === "::")) ?? own[0]) : hostAddress;
  return `${hostPort(address ?? "127.0.0.1", String(port))}/${protocol}`;
}
