import type { AttachSpec, Endpoint, NetworkAttachment, Resource } from "../../api/index.js";
import type { PortRequest } from "../../contracts/index.js";
import { parsePort } from "./port-spec.js";

/** What a caller of {@link Endpoints.attach} asks for. */
export interface AttachRequest {
  readonly id?: string;
  readonly netns: string;
  readonly ports: readonly PortRequest[];
  /** What it asks of the network. */
  readonly attachment: NetworkAttachment;
  /** What it says of the endpoint. */
  readonly caller: Pick<Endpoint, "handover" | "labels" | "reservesPorts">;
  readonly isHandedOver: boolean;
  /** What is to be made of the namespace itself, and stays. */
  readonly loopback: readonly Resource[];
}

/** Throws `invalid-input`. */
export function readAttachSpec(spec: AttachSpec): AttachRequest {
  const { netns, publish = [], loopback = false, id, interface: ifname, ...rest } = spec;
  const { handover, labels, reservesPorts, ...asked } = rest;
  return {
    ...(id === undefined ? {} : { id }),
    netns,
    ports: publish.map(parsePort),
    attachment: ifname === undefined ? asked : { ...asked, options: { ...asked.options, ifname } },
    caller: {
      ...(handover === undefined ? {} : { handover }),
      ...(labels === undefined ? {} : { labels }),
      ...(reservesPorts === undefined ? {} : { reservesPorts }),
    },
    isHandedOver: handover !== undefined,
    loopback: loopback ? [{ kind: "link", type: "loopback", name: "lo", netns }] : [],
  };
}
