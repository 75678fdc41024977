import { familyOf, type Labels, type NetworkSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { NetworkRequest } from "./requests.js";

/** On tsd's networks and endpoints, the network's id that docker knows. */
export const NETWORK_ID = "com.docker.network.id";

export function ownLabels(networkId: string): Labels {
  return { [NETWORK_ID]: networkId };
}

/** The network of tsd's that serves one of docker's. Throws `unsupported` for one without addresses. */
export function networkSpec(request: NetworkRequest, driver: string): NetworkSpec {
  const { id, pools, internal, options } = request;
  const without = pools.find(({ subnet }) => /^(0\.0\.0\.0|::)\/0$/.test(subnet));
  if (pools.length === 0 || without !== undefined) throw withoutAddresses(id);
  const families = pools.map(({ subnet }) => familyOf(subnet));
  return {
    // docker does not say what it calls the network.
    name: `docker-${id.slice(0, 12)}`,
    driver,
    subnets: pools.map(({ subnet }) => subnet),
    gateways: pools.flatMap(({ gateway }) => gateway ?? []),
    auxiliary: Object.assign({}, ...pools.map(({ auxiliary }) => auxiliary)),
    ipv4: families.includes(4),
    ipv6: families.includes(6),
    internal,
    labels: ownLabels(id),
    options,
    managedBy: "docker",
    // dockerd drops what the host forwards unless it is for networks of its own drivers.
    opensChains: true,
  };
}

function withoutAddresses(id: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_DOCKER_ADDRESSES",
    message: `docker gives network ${id.slice(0, 12)} no addresses`,
    hint: "Leave --ipam-driver=null out.",
    details: { network: id },
  });
}
