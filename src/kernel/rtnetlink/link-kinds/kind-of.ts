import type { LinkKind } from "../../../api/link-kind.js";
import type { WireguardLink } from "../../../api/link-resource.js";
import { TsdError } from "../../../errors/tsd-error.js";
import { bridge } from "./bridge.js";
import { kernelKind } from "./kernel-kind.js";
import type { KernelKind, VirtualLink } from "./link-kind.js";
import { veth } from "./veth.js";
import { vxlan } from "./vxlan.js";

/** Finds what an extension says of a type; undefined where none brings it. */
export type LinkKinds = (type: string) => LinkKind | undefined;

const builtIn: ReadonlyMap<string, KernelKind<never>> = new Map<string, KernelKind<never>>([
  ["bridge", bridge],
  ["veth", veth],
  ["vxlan", vxlan],
  ["wireguard", kernelKind<WireguardLink>({ type: "wireguard", data: () => [], words: () => [] })],
]);

/** Throws `not-found` for a type that neither tsd nor an extension knows. */
export function kindOf(link: VirtualLink, contributed: LinkKinds = () => undefined): KernelKind {
  const own = builtIn.get(link.type) as KernelKind | undefined;
  if (own !== undefined) return own;
  const kind = contributed(link.type);
  if (kind !== undefined) return kernelKind(kind as LinkKind<VirtualLink>);
  throw new TsdError({
    kind: "not-found",
    code: "TSD_LINK_KIND_MISSING",
    message: `no extension brings links of type ${link.type}, as ${link.name} is`,
    hint: "Install the extension again: tsd plugin add",
    details: { link: link.name, type: link.type },
  });
}

/** Whether the link is made under its own name, and stays when its settings change; others see {@link ensureReplaceableLink}. */
export function isMadeInPlace({ type }: VirtualLink): boolean {
  return type === "bridge" || type === "veth";
}
