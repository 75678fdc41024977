import type {
  ContainerDetails,
  HostDrift,
  HostMap,
  MapNetwork,
  MapUplink,
  OrphanDrift,
  Outdated,
  OwnedDrift,
  Resource,
  SkeletonDamage,
} from "../../api/index.js";
import type { EndpointRow, NetworkRow, Routing } from "../../contracts/index.js";
import type { NetworkElsewhere } from "../rows/endpoints-elsewhere.js";
import { mapStacks } from "./map-stacks.js";
import { stacksElsewhere } from "./stacks-elsewhere.js";

/** All that a map is made of. */
export interface MapFacts {
  readonly host: string;
  readonly networks: readonly NetworkRow[];
  readonly endpoints: readonly EndpointRow[];
  readonly containers: readonly ContainerDetails[];
  readonly drifts: readonly HostDrift[];
  readonly uplinks: ReturnType<Routing["uplinks"]>;
  readonly addresses: ReturnType<Routing["addresses"]>;
  readonly elsewhere: readonly NetworkElsewhere[];
}

export function hostMap(facts: MapFacts): HostMap {
  const { host, networks, endpoints, containers, drifts, uplinks, addresses, elsewhere } = facts;
  return {
    host,
    uplinks: uplinks.map(({ name }): MapUplink => {
      const own = addresses.filter(({ link }) => link === name);
      return { name, addresses: own.map(({ address }) => address) };
    }),
    networks: networks
      .map((row) => mapNetwork(row, drifts))
      .sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name)),
    stacks: [...mapStacks(containers, endpoints, drifts), ...stacksElsewhere(elsewhere)],
    drifts: drifts.filter((drift): drift is OrphanDrift | SkeletonDamage => !("of" in drift)),
  };
}

function mapNetwork({ id, network, resources }: NetworkRow, drifts: readonly HostDrift[]): MapNetwork {
  const link = linkOf(resources);
  return {
    ...{ id, name: network.name, driver: network.driver },
    ...(link === undefined ? {} : { link }),
    subnets: network.subnets.map(({ cidr }) => cidr),
    traits: traitsOf(network.internal === true, resources),
    drifts: drifts.filter(
      (drift): drift is OwnedDrift | Outdated => "of" in drift && drift.problem !== "unheard" && drift.of.id === id,
    ),
  };
}

/** The bridge that its packets come in by, which may be adopted, or the first link that was made for it. */
function linkOf(resources: readonly Resource[]): string | undefined {
  const bridge = resources.find((one) => one.kind === "isolate")?.bridge;
  return bridge ?? resources.find((one) => one.kind === "link")?.name;
}

function traitsOf(internal: boolean, resources: readonly Resource[]): readonly string[] {
  const isolation = resources.find((one) => one.kind === "isolate");
  const isTranslated = resources.some(({ kind }) => kind === "masquerade");
  return [
    ...(internal ? ["internal"] : []),
    ...(isolation?.apart ? ["icc=false"] : []),
    ...(isolation?.open ? ["isolate=false"] : []),
    ...(isolation !== undefined && !internal && !isTranslated ? ["no masquerade"] : []),
  ];
}
