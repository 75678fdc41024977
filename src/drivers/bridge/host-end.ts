import type { Endpoint } from "../../api/index.js";

/** The name of the host's end of an endpoint's veth. */
export function hostEnd({ id, options }: Pick<Endpoint, "id" | "options">): string {
  return options?.host_ifname ?? `veth${id.slice(0, 11)}`;
}
