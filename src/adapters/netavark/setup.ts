import type { Endpoint } from "../../api/index.js";
import type { NameServer } from "./name-server.js";
import type { PlannedAttachment } from "./plan-attachments.js";
import type { PodmanNetworks } from "./podman-networks.js";
import type { NetworkOptions, PodmanNetwork, StatusBlock } from "./podman-types.js";
import { gatewaysOf, statusBlock } from "./status-block.js";

interface Attached extends Omit<PlannedAttachment, "attachment"> {
  readonly endpoint: Endpoint;
}

/**
 * Attaches a container's namespace to all its networks, or to none. Returns what podman learns of each, by the network's
 * name.
 */
export async function setup(
  networks: PodmanNetworks,
  names: NameServer,
  { container, planned }: { readonly container: NetworkOptions; readonly planned: readonly PlannedAttachment[] },
): Promise<Readonly<Record<string, StatusBlock>>> {
  const served = names.isInstalled();
  const attached: Attached[] = [];
  try {
    for (const { attachment, ...one } of planned) {
      attached.push({ ...one, endpoint: await networks.attach(attachment) });
    }
    await addNames(names, container, served ? attached.filter(({ network }) => hasNames(network)) : []);
  } catch (error) {
    await undo(networks, names, { container, attached });
    throw error;
  }
  const { dns_servers: servers } = container;
  return Object.fromEntries(
    attached.map(({ network, endpoint }) => [
      network.name,
      statusBlock(network, endpoint, {
        served: served && hasNames(network),
        ...(servers === undefined ? {} : { servers }),
      }),
    ]),
  );
}

/** aardvark-dns listens on addresses of bridges. */
function hasNames({ dns_enabled, driver }: PodmanNetwork): boolean {
  return dns_enabled && driver === "bridge";
}

async function addNames(names: NameServer, container: NetworkOptions, attached: readonly Attached[]): Promise<void> {
  if (attached.length === 0) return;
  await names.add(
    attached.map(({ network, wanted, endpoint }) => [
      {
        name: network.name,
        internal: network.internal,
        gateways: gatewaysOf(network),
        servers: network.network_dns_servers,
      },
      {
        containerId: container.container_id,
        addresses: endpoint.addresses,
        names: [container.container_name, ...wanted.aliases],
        servers: container.dns_servers ?? [],
      },
    ]),
  );
}

interface Begun {
  readonly container: NetworkOptions;
  readonly attached: readonly Attached[];
}

/** What failed is what matters; what cannot be undone now, the next setup or teardown of podman's does. */
async function undo(networks: PodmanNetworks, names: NameServer, { container, attached }: Begun): Promise<void> {
  const { container_id: id } = container;
  const done = attached.toReversed().map(({ network }) => network);
  const works = [
    () =>
      names.remove(
        done.map(({ name }) => name),
        id,
      ),
    ...done.map((network) => () => networks.detach(network, id)),
  ];
  for (const work of works)
    await Promise.resolve()
      .then(work)
      .catch(() => undefined);
}
