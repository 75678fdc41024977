import { familyOf } from "../../api/address-family.js";
import type { Container, EndpointPeer, Explanation, Probe, ReachMatrix, ReachMatrixOptions } from "../../api/index.js";
import type { EndpointRow, Host } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { containersElsewhere, endpointsElsewhere } from "../rows/endpoints-elsewhere.js";
import { agreement } from "./agreement.js";
import { askedPeers, withAsked } from "./asked-peers.js";
import { Comparison, crossingsOf } from "./comparison.js";
import { silentHost } from "./crossing.js";
import { asPlaced } from "./handed-over.js";
import type { Caller } from "./journey.js";
import { Landscape, type Machine } from "./landscape.js";
import { socketText, type Trace } from "./packet.js";
import { parseTarget, type Target } from "./parse-target.js";
import { rememberingHost } from "./remembering-host.js";
import { type Call, trace } from "./trace.js";
import { type Absent, Who } from "./who.js";

type ExplainParts = Pick<Parts, "store" | "drivers" | "host" | "applier" | "membership" | "cluster" | "elsewhere">;

/** Follows a packet: the rows say which path it should take, the kernel whether it does. */
export class Explain {
  private readonly comparison: Comparison;

  constructor(
    private readonly parts: ExplainParts,
    nat: ConstructorParameters<typeof Comparison>[1],
  ) {
    this.comparison = new Comparison(parts.applier, nat, parts.store);
  }

  /** See {@link System.explain}. */
  async explain(from: string, to: string): Promise<Explanation> {
    const host = await this.parts.host();
    const asked = await this.peersIn([from, parseTarget(to).who]);
    const [[explained] = []] = await this.explainEach([{ from, to: [to] }], host, asked);
    const { explanation, traced } = explained as Explained;
    return this.withSilence(explanation, traced);
  }

  /** See {@link System.probe}. */
  async probe(from: string, to: string): Promise<Probe> {
    const host = await this.parts.host();
    const land = this.survey(host, await this.peersIn([from, parseTarget(to).who]));
    const who = new Who(this.parts, land, host);
    const caller = who.caller(from);
    const { traced, absent, named, call } = travel({ who, land, from, caller, target: parseTarget(to) });
    if (traced === undefined || call === undefined || isAbsent(caller)) return { prediction: untravelled(absent) };
    const netns = placeOf(caller);
    const [compared] = await this.comparison.compare([traced], host);
    const explanation = { ...(compared as Explanation), ...(named === undefined ? {} : { named }) };
    const prediction = await this.withSilence(explanation, traced);
    const { destination: address, protocol, port } = call;
    const packet = { address, protocol, ...(port === undefined ? {} : { port }) };
    const fact = await host.probe({ ...packet, ...(netns === undefined ? {} : { netns }) });
    const at = socketText(call);
    if (fact === undefined) return { prediction, at };
    const agrees = agreement(prediction, fact, { socket: traced.socket, protocol });
    return { prediction, at, fact, ...(agrees === undefined ? {} : { agrees }) };
  }

  /** See {@link System.explainMatrix}. */
  async matrix({ port, network }: ReachMatrixOptions): Promise<ReachMatrix> {
    const { protocol, port: number } = parseTarget(port === undefined ? "any" : `any:${port}`);
    const names = this.runningOn(network);
    const { named, others, asked } = await this.calledElsewhere(network);
    const suffix = number === undefined ? "" : `:${number}/${protocol}`;
    const host = rememberingHost(await this.parts.host());
    const to = [...names, ...named.map(({ address }) => bracketed(address))].map((one) => `${one}${suffix}`);
    const rows = await this.explainEach(
      names.map((from) => ({ from, to })),
      host,
      asked,
    );
    return {
      target: number === undefined ? "ping" : `${number}/${protocol}`,
      names,
      elsewhere: named.map(({ host: of, name }) => ({ host: of, name })),
      ...(others === undefined ? {} : { others }),
      verdicts: rows.map((row) => row.map(({ explanation }) => explanation.verdict)),
    };
  }

  /** Containers that run, on that network if one is named, by name. */
  private runningOn(network: string | undefined): readonly string[] {
    const { networks, containers, endpoints } = this.parts.store;
    const id = network === undefined ? undefined : networks.resolve(network).id;
    const there = new Set(
      endpoints.list().flatMap(({ endpoint }) => (endpoint.networkId === id ? [endpoint.netns] : [])),
    );
    const isThere = ({ sandbox }: Container): boolean => id === undefined || there.has(sandbox?.netns ?? "");
    return containers
      .list()
      .flatMap(({ container }) => (container.status === "running" && isThere(container) ? [container.name] : []))
      .sort();
  }

  /** Containers of other hosts, by name, each with one of its addresses; and how many there are where they are not named. */
  private async calledElsewhere(network: string | undefined): Promise<CalledElsewhere> {
    const { store } = this.parts;
    const networks = network === undefined ? store.networks.list() : [store.networks.resolve(network)];
    const elsewhere = await endpointsElsewhere(this.parts, networks);
    const unnamed = elsewhere.filter((one) => one.endpoints.length === 0);
    const counts = unnamed.flatMap((one) => one.counts);
    const more = unnamed.flatMap((one) => one.more ?? []);
    return {
      asked: elsewhere.flatMap(({ endpoints }) => endpoints),
      named: containersElsewhere(elsewhere).flatMap(({ host, name, endpoints: [first] }) => {
        const [address] = first?.addresses ?? [];
        return address === undefined ? [] : [{ host, name: name ?? address, address }];
      }),
      ...(counts.length === 0
        ? {}
        : {
            others: {
              hosts: more.reduce((sum, { hosts }) => sum + hosts, new Set(counts.map(({ host }) => host)).size),
              endpoints: [...counts, ...more].reduce((sum, { endpoints }) => sum + endpoints, 0),
            },
          }),
    };
  }

  /** With what the cluster says of the other host, if the packet gets to one. */
  private async withSilence(explanation: Explanation, traced: Trace | undefined): Promise<Explanation> {
    const [crossing] = traced === undefined ? [] : crossingsOf(traced);
    if (crossing === undefined) return explanation;
    return { ...explanation, cautions: [...(await silentHost(crossing, this.parts)), ...explanation.cautions] };
  }

  /** A row for each caller. */
  private async explainEach(
    calls: readonly { readonly from: string; readonly to: readonly string[] }[],
    host: Host,
    asked: readonly EndpointPeer[],
  ): Promise<readonly (readonly Explained[])[]> {
    const land = this.survey(host, asked);
    const who = new Who(this.parts, land, host);
    const travelled = calls.map(({ from, to }) => {
      const targets = to.map(parseTarget);
      const caller = who.caller(from);
      return targets.map((target) => travel({ who, land, from, caller, target }));
    });
    const traces = travelled.flatMap((row) => row.flatMap(({ traced }) => traced ?? []));
    const compared = await this.comparison.compare(traces, host);
    const explained = new Map(traces.map((traced, index) => [traced, compared[index]]));
    return travelled.map((row) =>
      row.map(({ traced, absent, named }) => {
        const explanation = traced && explained.get(traced);
        if (traced === undefined || explanation === undefined) return { explanation: untravelled(absent) };
        return { explanation: named === undefined ? explanation : { ...explanation, named }, traced };
      }),
    );
  }

  private peersIn(words: readonly string[]): Promise<readonly EndpointPeer[]> {
    return askedPeers(this.parts, words);
  }

  /** All rows but those that are on their way out, and peers that other hosts were asked for. */
  private survey(machine: Machine, asked: readonly EndpointPeer[]): Landscape {
    const { store } = this.parts;
    const isThere = ({ state }: { readonly state: string }): boolean => state !== "deleting";
    const networks = store.networks.list().filter(isThere);
    const placed = (row: EndpointRow): EndpointRow => {
      const network = networks.find(({ id }) => id === row.endpoint.networkId)?.network;
      return network === undefined ? row : asPlaced(row, network, machine);
    };
    return new Landscape({
      networks,
      endpoints: store.endpoints.list().filter(isThere).map(placed),
      containers: store.containers.list().filter(isThere),
      peers: networks
        .filter(({ network }) => network.cluster !== undefined)
        .flatMap(({ id, owner }) => withAsked(store.peers.ofNetwork(id).filter(isThere), id, { owner, asked })),
      machine,
    });
  }
}

interface Explained {
  readonly explanation: Explanation;
  readonly traced?: Trace;
}

interface CalledElsewhere extends Pick<ReachMatrix, "others"> {
  readonly asked: readonly EndpointPeer[];
  readonly named: readonly { readonly host: string; readonly name: string; readonly address: string }[];
}

function bracketed(address: string): string {
  return familyOf(address) === 6 ? `[${address}]` : address;
}

function isAbsent(found: object): found is Absent {
  return "why" in found;
}

interface Journeying {
  readonly who: Who;
  readonly land: Landscape;
  readonly from: string;
  readonly caller: Caller | Absent;
  readonly target: Target;
}

/** How far a packet got: nowhere, where who sends or gets it is not there. */
interface Travelled {
  readonly traced?: Trace;
  readonly absent?: Absent;
  readonly named?: string;
  readonly call?: Call;
}

function travel({ who, land, from, caller, target }: Journeying): Travelled {
  if (isAbsent(caller)) return { absent: caller };
  const called = who.address(target.who, caller);
  if (isAbsent(called)) return { absent: called };
  const { address: destination, named } = called;
  refuseMixture(caller, from, destination);
  const { protocol, port } = target;
  const call = { protocol, destination, ...(port === undefined ? {} : { port }) };
  return { traced: trace(land, caller, call), call, ...(named === undefined ? {} : { named }) };
}

function untravelled({ why, advice }: Absent = { why: "nobody calls", advice: {} }): Explanation {
  return { hops: [], verdict: { reaches: false, why, ...advice }, cautions: [] };
}

function refuseMixture(caller: Caller, from: string, to: string): void {
  if (caller.kind !== "outside" && caller.kind !== "elsewhere") return;
  const own = caller.kind === "elsewhere" ? caller.addresses : [caller.address ?? to];
  if (own.some((address) => familyOf(address) === familyOf(to))) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CALLER_FAMILY",
    message: `${from} cannot call ${to}, an address of the other family`,
    hint: "Name two addresses of one family, or outside in place of the first.",
    details: { from, to },
  });
}

/** The namespace of a caller who is in one; undefined for the host's. Throws `unsupported` for one who is no place. */
function placeOf(caller: Caller): string | undefined {
  if (caller.kind === "host") return undefined;
  if (caller.kind === "namespace" && caller.netns !== undefined) return caller.netns;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_PROBE_FROM",
    message: `${caller.name} is no place on this host that a packet can be sent from`,
    hint: "Name a container, a namespace (netns:NAME) or host.",
  });
}
