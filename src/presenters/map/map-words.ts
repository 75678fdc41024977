import type { HostMap, MapAttachment, MapElsewhere, MapNetwork, MapStack, PortBinding } from "../../api/index.js";
import { hostPort } from "../port-list.js";

/** Above it, lines of one stack would hide those of the others. */
const mostPorts = 6;

/** What a stack is called: its first container, or the namespace. */
export function stackName({ containers, elsewhere, id }: MapStack): string {
  return containers[0]?.name ?? (elsewhere === undefined ? id : nameElsewhere(elsewhere));
}

/** `db`; `40 containers`. */
function nameElsewhere({ name, endpoints }: MapElsewhere): string {
  return name ?? (endpoints === 1 ? "1 container" : `${endpoints} containers`);
}

/** `running`, `exited`, `paused`; `namespace` for one that tsd did not make; `on host2`, `on 30 more hosts`. */
export function stackState({ containers: [first], elsewhere }: MapStack): string {
  if (elsewhere !== undefined) return `on ${elsewhere.host ?? `${elsewhere.hosts} more hosts`}`;
  if (first === undefined) return "namespace";
  return first.paused ? "paused" : first.status;
}

/** It holds nothing on the host. */
export function isOff({ containers: [first] }: MapStack): boolean {
  return first?.status === "created" || first?.status === "exited";
}

/** On the host's own network. */
export function isOnHost({ mode, netns }: MapStack): boolean {
  return mode === "host" && netns === undefined;
}

/** What stands in place of networks, in words; undefined for what is on some. */
export function modeWords(stack: MapStack): string | undefined {
  if (stack.mode === undefined) return undefined;
  if (stack.mode === "none") return "no network";
  return stack.mode === "host" ? "the host's network" : stack.mode;
}

/** The host and its uplinks, a line each. */
export function worldLines({ host, uplinks }: HostMap): readonly string[] {
  return [host, ...uplinks.flatMap(({ name, addresses }) => [name, ...addresses])];
}

/** What there is to say of a network, a line each. */
export function networkLines(network: MapNetwork): readonly string[] {
  const { name, subnets, traits, drifts } = network;
  return [name, driverWords(network), ...traits, ...subnets, ...driftCount(drifts)];
}

/** What there is to say of a stack, a line each. */
export function stackWords(stack: MapStack): readonly string[] {
  const mode = modeWords(stack);
  const guests = guestsOf(stack).map((name) => `+ ${name}`);
  return [
    stackName(stack),
    stackState(stack),
    ...(mode === undefined ? [] : [mode]),
    ...guests,
    ...driftCount(stack.drifts),
  ];
}

/** `drift: 1 difference`; nothing where there is none. */
export function driftCount({ length }: readonly unknown[]): readonly string[] {
  if (length === 0) return [];
  return [length === 1 ? "drift: 1 difference" : `drift: ${length} differences`];
}

/** Who else is in the namespace. */
export function guestsOf({ containers }: MapStack): readonly string[] {
  return containers.slice(1).map(({ name }) => name);
}

/** `bridge br-web`. */
export function driverWords({ driver, link }: MapNetwork): string {
  return link === undefined ? driver : `${driver} ${link}`;
}

/** `8080→80`, `127.0.0.1:53→53/udp`; both families' wildcards are left out, and tcp. The last says how many more there are. */
export function portWords(attachments: readonly MapAttachment[], most = mostPorts): readonly string[] {
  const all = [...new Set(attachments.flatMap(({ ports }) => ports).map(bindingWords))];
  return all.length <= most ? all : [...all.slice(0, most - 1), `and ${all.length - most + 1} more`];
}

function bindingWords({ protocol, hostAddress = "::", hostPort: port, containerPort, count }: PortBinding): string {
  const from = range(port, count);
  const at = /^(0\.0\.0\.0|::)$/.test(hostAddress) ? from : hostPort(hostAddress, from);
  const to = range(containerPort, count);
  return `${at}${from === to ? "" : `→${to}`}${protocol === "tcp" ? "" : `/${protocol}`}`;
}

function range(first: number, count: number): string {
  return count === 1 ? String(first) : `${first}-${first + count - 1}`;
}

/** Stacks in the order of their first networks, so that those of one network are side by side; the others come last. */
export function byLane({ networks, stacks }: HostMap): readonly MapStack[] {
  const ranks = new Map(networks.map(({ id }, index) => [id, index]));
  const rank = ({ attachments }: MapStack): number =>
    Math.min(networks.length, ...attachments.map(({ networkId }) => ranks.get(networkId) ?? networks.length));
  return [...stacks].sort((a, b) => rank(a) - rank(b) || a.attachments.length - b.attachments.length);
}
