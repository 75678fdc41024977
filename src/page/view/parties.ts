import { isIP } from "node:net";
import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, PortBinding } from "../../api/index.js";
import { isOff } from "../../presenters/map/map-words.js";
import { stackKey } from "../../presenters/map/stack-box.js";
import { hostPort } from "../../presenters/port-list.js";

/** Who can call or be called. */
export interface Party {
  /** As `tsd explain` takes it: the name, or the id of one whose name means another there. */
  readonly word: string;
  readonly name: string;
  /** By which the picture has it. */
  readonly key: string;
}

/** Above it a list to choose from helps no reader. */
const most = 1000;
/** Ports that are proposed of one party. */
const mostPorts = 8;

export function partiesOf({ stacks, networks }: HostMap): readonly Party[] {
  const parties: Party[] = [
    { word: "outside", name: "outside", key: "world" },
    { word: "host", name: "host", key: "host" },
  ];
  const taken = new Set(["outside", "host"]);
  const add = (name: string, id: string, key: string): void => {
    parties.push({ word: taken.has(name) || isIP(name) !== 0 ? id : name, name, key });
    taken.add(name);
  };
  for (const stack of stacks) {
    // The others are no place that tsd can look from.
    if (stack.elsewhere !== undefined || isOff(stack)) continue;
    const [container] = stack.containers;
    const netns = `netns:${stack.id}`;
    add(container?.name ?? netns, container?.id ?? netns, stackKey(stack));
  }
  for (const { id, name } of networks) add(name, id, id);
  return parties.slice(0, most);
}

/** What was asked, with the name of who was asked about by an id. */
export function nameIn(map: HostMap | undefined, asked: string): string {
  if (map === undefined) return asked;
  const party = partiesOf(map).find(({ word }) => asked === word || asked.startsWith(`${word}:`));
  return party === undefined ? asked : `${party.name}${asked.slice(party.word.length)}`;
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
