import type { ForwardedPacket, Network, Verdict } from "../../api/index.js";
import type { Host } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { decryptedFrame, narrowLink, type Sent, type Underlay, wireFrame } from "../host-facts/underlay.js";
import { inWords } from "./advice.js";

/** Where a packet leaves this host for another one of its network. */
export interface Crossing {
  readonly network: Pick<Network, "name">;
  /** Name and address of the other host. */
  readonly host: string;
  readonly address: string;
  /** Absent where packets go as they are. */
  readonly underlay?: Underlay;
  /** Address of the other host within WireGuard; absent where packets go in clear. */
  readonly inner?: string;
}

type Lost = Pick<Verdict, "why" | "hint">;

/** Why no answer comes from another host: a chain of this one drops the frames that carry it. Undefined where none does. */
export async function lostFrames(
  crossings: readonly Crossing[],
  host: Host,
  backend: Sent["backend"],
): Promise<(crossing: Crossing) => Lost | undefined> {
  const framesOf = (crossing: Crossing): readonly ForwardedPacket[] => framesAcross(host, crossing, backend);
  const frames = crossings.flatMap((crossing) => framesOf(crossing));
  const asked = new Map(frames.map((frame) => [keyOf(frame), frame]));
  const drops = asked.size === 0 ? [] : await host.inputDrops([...asked.values()]);
  const wordsFor = new Map(drops.flatMap(({ words, packets }) => packets.map((packet) => [keyOf(packet), words])));
  return (crossing) => {
    const frame = framesOf(crossing).find((one) => wordsFor.has(keyOf(one)));
    if (frame === undefined) return undefined;
    return {
      why: `${wordsFor.get(keyOf(frame))} drops what host ${crossing.host} sends to UDP port ${frame.port} of this host, and the answer with it`,
      ...inWords("Let it accept that port from the other hosts of the cluster: tsd cluster ls"),
    };
  };
}

/** As they come: on the wire, and out of WireGuard. */
function framesAcross(
  host: Host,
  { underlay, address, inner }: Crossing,
  backend: Sent["backend"],
): readonly ForwardedPacket[] {
  if (underlay === undefined) return [];
  const { cipher, tunnel } = underlay;
  const within =
    cipher === undefined || inner === undefined ? [] : [decryptedFrame(cipher, tunnel, { source: inner, backend })];
  const onWire = wireFrame(host, underlay, { source: address, backend });
  return onWire === undefined ? within : [onWire, ...within];
}

function keyOf({ from, source, destination, port }: ForwardedPacket): string {
  return [from, source, destination, port].join(" ");
}

/** In words, where long packets do not get through, though short ones do. */
export function narrowWay({ network, host: name, underlay }: Crossing, host: Host): string | undefined {
  const narrow = underlay && narrowLink(host, underlay);
  if (narrow === undefined) return undefined;
  const { link, carries, fits, needed } = narrow;
  return `packets of more than ${fits} bytes do not fit on the way to host ${name}: network "${network.name}" has MTU ${underlay?.tunnel.mtu}, which is ${needed} bytes in its tunnel, and ${link} carries ${carries}`;
}

/** In words, if the cluster does not hear of the other host or of this one, or cannot be asked. */
export async function silentHost(
  { host: name, address }: Crossing,
  { membership, cluster }: Pick<Parts, "membership" | "cluster">,
): Promise<readonly string[]> {
  const self = membership()?.host;
  if (self === undefined) return [];
  try {
    const { hosts } = await (await cluster()).read();
    const isSilent = (host: string): boolean => hosts.get(host)?.isAlive !== true;
    return [
      ...(isSilent(name)
        ? [
            `host ${name} (${address}) keeps no lease: it is down, or its agent does not reach the state of the cluster; see tsd cluster ls`,
          ]
        : []),
      ...(isSilent(self)
        ? [
            `the agent of this host keeps no lease, so that what changed on other hosts may be unknown here; see tsd doctor`,
          ]
        : []),
    ];
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    return [`whether host ${name} is alive is not known: ${error.message}`];
  }
}
