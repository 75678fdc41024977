import type { Verdict } from "../../api/index.js";
import type { EndpointRow, NetworkRow } from "../../contracts/index.js";
import { type Advice, inWords } from "./advice.js";
import type { Landscape } from "./landscape.js";
import { type Packet, type Step, socketText, type Trace } from "./packet.js";

/** Who calls. */
export type Caller = NamespaceCaller | HostCaller | OutsideCaller | ElsewhereCaller;

export interface NamespaceCaller {
  readonly kind: "namespace";
  /** In words: `container web`. */
  readonly name: string;
  /** What a command calls it; absent for anybody. */
  readonly handle?: string;
  /** Absent for anybody on a network, who is in none. */
  readonly netns?: string;
  readonly rows: readonly EndpointRow[];
}

interface HostCaller {
  readonly kind: "host";
  readonly name: string;
}

export interface OutsideCaller {
  readonly kind: "outside";
  readonly name: string;
  readonly address?: string;
}

/** On another host of a network that spans hosts. */
export interface ElsewhereCaller {
  readonly kind: "elsewhere";
  readonly name: string;
  /** On that network. */
  readonly addresses: readonly string[];
  /** Name of its host, and the address from which that sends. */
  readonly host: string;
  readonly underlay: string;
  readonly network: NetworkRow;
}

/** A packet under way, and what has become of it so far. */
export class Journey {
  readonly steps: Step[] = [];
  /** Why it gets as far as it does: `it is published`. */
  reason = "nothing is in its way";

  constructor(
    readonly land: Landscape,
    readonly caller: Caller,
    public packet: Packet,
  ) {}

  add(...steps: readonly Step[]): void {
    this.steps.push(...steps);
  }

  arrive(verdict: Omit<Verdict, "reaches" | "why">): Trace {
    return { steps: this.steps, verdict: { reaches: true, ...verdict, why: this.reason } };
  }

  /** As {@link Journey.arrive}, in the namespace at that path. */
  arriveIn(netns: string, verdict: Omit<Verdict, "reaches" | "why" | "at"> & { readonly server: string }): Trace {
    const { protocol, destination: address, port } = this.packet;
    const trace = this.arrive({ ...verdict, at: socketText(this.packet) });
    if (protocol === "ping" || port === undefined) return trace;
    return { ...trace, socket: { server: verdict.server, netns, protocol, address, port } };
  }

  /** For a network of a driver whose ways are not known here. */
  failUnmodelled({ network: { name, driver } }: NetworkRow): Trace {
    const { destination } = this.packet;
    const { steps, verdict } = this.fail(
      `network "${name}" is of driver ${driver}, whose ways tsd explain does not model`,
      inWords(`Ask the kernel, in the namespace of the caller: ip route get ${destination}`),
    );
    return { steps, verdict: { ...verdict, unknown: true } };
  }

  /** For a port that the plug-in of that endpoint's network opens. */
  failPublishedByPlugin(row: EndpointRow): Trace {
    const { land, packet } = this;
    const network = land.network(row.endpoint.networkId)?.network;
    const published = `port ${packet.port}/${packet.protocol} of ${land.inhabitant(row)}`;
    const { steps, verdict } = this.fail(
      `${published} is published by the plug-in of network "${network?.name}" (driver ${network?.driver}), whose rules tsd does not see`,
      inWords("See the rules of the host: nft list ruleset"),
    );
    return { steps, verdict: { ...verdict, unknown: true } };
  }

  fail(why: string, advice: Advice = {}): Trace {
    return { steps: this.steps, verdict: { reaches: false, why, ...advice } };
  }
}
