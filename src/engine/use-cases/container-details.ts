import { familyOf } from "../../api/address-family.js";
import type {
  AttachedEndpoint,
  ConfiguredNetwork,
  Container,
  ContainerDetails,
  ImageConfig,
  Network,
} from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { isMode } from "../requests/network-mode.js";
import { asSeen } from "../rows/active-container.js";

type DetailsParts = Pick<Parts, "store" | "drivers" | "processes">;

/** Containers with what rows of other tables say of them; what several share is read once. */
export function containerDetails(parts: DetailsParts, rows: readonly ContainerRow[]): readonly ContainerDetails[] {
  const images = new Map<string, ImageConfig | undefined>();
  const imageOf = (id: string) => {
    if (!images.has(id)) images.set(id, parts.store.images.get(id)?.config);
    return images.get(id);
  };
  return rows.map((row) => {
    const container = asSeen(parts.processes, row);
    const image = container.imageId === undefined ? undefined : imageOf(container.imageId);
    const endpoints = attachedEndpoints(parts, container.id);
    const netns = container.sandbox?.netns;
    return {
      container,
      endpoints,
      configured: container.sandbox === undefined ? configuredNetworks(parts, container) : [],
      ...(image === undefined ? {} : { image }),
      ...(netns === undefined ? {} : { netns }),
    };
  });
}

function attachedEndpoints({ store }: DetailsParts, containerId: string): readonly AttachedEndpoint[] {
  return store.endpoints.ofContainer(containerId).map(({ endpoint }) => {
    const network = store.networks.get(endpoint.networkId)?.network;
    return { endpoint, network: network?.name ?? endpoint.networkId, ...gateways(network) };
  });
}

function gateways(network: Network | undefined): Pick<AttachedEndpoint, "gateway" | "gateway6"> {
  const all = (network?.subnets ?? []).map(({ gateway }) => gateway);
  const gateway = all.find((address) => familyOf(address) === 4);
  const gateway6 = all.find((address) => familyOf(address) === 6);
  return { ...(gateway === undefined ? {} : { gateway }), ...(gateway6 === undefined ? {} : { gateway6 }) };
}

/** The networks a container will be on at its next start, as far as it names any. One that is gone keeps the word for it. */
function configuredNetworks({ store, drivers }: DetailsParts, { spec }: Container): readonly ConfiguredNetwork[] {
  const requested = (spec.networks ?? []).filter(({ network }) => !isMode(drivers, network));
  if (requested.length === 0) return [];
  const networks = store.networks.list().map(({ network }) => network);
  return requested.map((attachment) => {
    const { network: ref } = attachment;
    const found = networks.find(({ name }) => name === ref) ?? networks.find(({ id }) => id.startsWith(ref));
    return { network: found?.name ?? ref, networkId: found?.id ?? "", attachment };
  });
}
