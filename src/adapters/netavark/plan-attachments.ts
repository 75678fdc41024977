import { attachSpec } from "./attach-spec.js";
import { infoOf } from "./info-of.js";
import { networkSpec } from "./network-spec.js";
import type { Attachment } from "./podman-networks.js";
import type { NetworkOptions, PerNetwork, PodmanNetwork } from "./podman-types.js";

export interface PlannedAttachment {
  readonly network: PodmanNetwork;
  readonly wanted: PerNetwork;
  readonly attachment: Attachment;
}

/** What is asked of tsd for each network of a container. Throws before anything is touched, where tsd cannot serve one. */
export function planAttachments(container: NetworkOptions, netns: string): readonly PlannedAttachment[] {
  return container.networks.map((wanted) => {
    const network = infoOf(container, wanted.name);
    const attach = { ...attachSpec(container, network, wanted), netns };
    return { network, wanted, attachment: { network, spec: networkSpec(network), attach } };
  });
}
