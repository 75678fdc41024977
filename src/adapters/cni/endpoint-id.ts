import { fnv1a } from "../../contracts/fnv1a.js";

/** What the specification says an attachment is: unique on its network. */
export interface AttachmentKey {
  readonly network: string;
  readonly containerId: string;
  readonly ifname: string;
}

/**
 * The id of the endpoint of an attachment. It follows from CNI's own names, so every command finds the endpoint, whatever
 * became of the command that made it, and no attachment can be made twice.
 */
export function endpointId({ network, containerId, ifname }: AttachmentKey): string {
  // None of them can hold a slash.
  const key = `${network}/${containerId}/${ifname}`;
  return [0, 1, 2, 3].map((part) => fnv1a(`cni/${part}/${key}/endpoint`).toString(16).padStart(16, "0")).join("");
}
