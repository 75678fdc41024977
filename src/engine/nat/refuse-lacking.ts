import type { Guard, Isolate, NatBackend, NatIntent } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

type Kind = NatIntent["kind"];

/**
 * Throws `unsupported` for the first of `intents` that needs a kind of intent which the backend does not list. An {@link Isolate}
 * needs `guard` for what it says of ports, and `segment` if its network spans hosts.
 */
export function refuseLacking(
  { name, kinds }: Pick<NatBackend, "name" | "kinds">,
  intents: readonly NatIntent[],
): void {
  for (const intent of intents) {
    const lacking = neededBy(intent).find((kind) => !kinds.includes(kind));
    if (lacking === "guard" && (intent.kind === "guard" || intent.kind === "isolate")) throw unguarded(name, intent);
    if (lacking !== undefined) throw withoutKind(name, lacking, intent);
  }
}

function neededBy(intent: NatIntent): readonly Kind[] {
  if (intent.kind !== "isolate") return [intent.kind];
  const { guarded, trunk, inlet, remote } = intent;
  const spans = [trunk, inlet, remote].some((way) => way !== undefined);
  return [
    "isolate",
    ...(guarded || inlet !== undefined ? (["guard"] as const) : []),
    ...(spans ? (["segment"] as const) : []),
  ];
}

function unguarded(backend: string, intent: Guard | Isolate): TsdError {
  const isOfHosts = intent.kind === "guard" ? intent.shared === true : intent.inlet !== undefined;
  return isOfHosts ? openToHosts(backend, intent) : openToEndpoints(backend, intent);
}

function openToEndpoints(backend: string, { bridge, owner }: Guard | Isolate): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_GUARD",
    message: `the NAT backend ${backend} cannot keep endpoints behind ${bridge} from using addresses of others (antispoof=true)`,
    hint: "Use nftables (tsd nat use nftables), or do without antispoof=true.",
    details: { backend, bridge, owner },
  });
}

function openToHosts(backend: string, { bridge, owner }: Guard | Isolate): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_INLET",
    message: `the NAT backend ${backend} cannot keep other hosts behind ${bridge} from using this one as a router (mode=l2)`,
    hint: "Use nftables (tsd nat use nftables), or mode=routed.",
    details: { backend, bridge, owner },
  });
}

function withoutKind(backend: string, kind: Kind, { owner }: NatIntent): TsdError {
  const spans = kind === "segment" || kind === "member";
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_KIND",
    message: `the NAT backend ${backend} does not carry out "${kind}"${spans ? ", which networks on several hosts need" : ""}`,
    hint: `Use nftables (tsd nat use nftables)${spans ? ", or a network of this host alone" : ""}.`,
    details: { backend, kind, owner },
  });
}
