import { joinFailures } from "../../errors/join-failures.js";
import { infoOf } from "./info-of.js";
import type { NameServer } from "./name-server.js";
import type { PodmanNetworks } from "./podman-networks.js";
import type { NetworkOptions } from "./podman-types.js";

/** Detaches a container from all networks that podman lists, past failures. Its namespace may be gone. */
export async function teardown(networks: PodmanNetworks, names: NameServer, container: NetworkOptions): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  };
  // The keys are not checked, and files are called so.
  const infos = [...container.network_info.values()];
  await attempt(() =>
    names.remove(
      infos.map(({ name }) => name),
      container.container_id,
    ),
  );
  for (const { name } of container.networks) {
    await attempt(() => networks.detach(infoOf(container, name), container.container_id));
  }
  if (failures.length > 0) throw joinFailures(failures);
}
