import type { AttachSpec, Endpoint, NetworkAttachment, Resource } from "../../api/index.js";
import type { PortRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
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
  refuseLinks(spec);
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

/** Names for others stand in files and with the resolver of a container. */
function refuseLinks({ netns, links = [] }: AttachSpec): void {
  if (links.length === 0) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_LINK_NAMESPACE",
    message: `--link "${links.join('", "')}" gives a container a name for another, and "${netns}" is a bare network namespace`,
    hint: "Leave it out.",
    details: { netns, links },
  });
}
