import { createHash } from "node:crypto";

/** The id of another host in one network: it follows from both, so that each process that hears of the host has the same. */
export function hostPeerId(networkId: string, host: string): string {
  return idOf(`${networkId} host ${host}`);
}

/** The id of an endpoint of another host. */
export function endpointPeerId(networkId: string, endpointId: string): string {
  return idOf(`${networkId} endpoint ${endpointId}`);
}

function idOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
