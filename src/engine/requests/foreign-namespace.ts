import { TsdError } from "../../errors/tsd-error.js";

/**
 * The path of a namespace that tsd did not make, from `netns:PATH`, `netns:NAME` as ip-netns(8) names them, or `pid:N`;
 * undefined for what is none of these and so names a container.
 */
export function foreignNamespace(target: string): string | undefined {
  const [, kind, rest = ""] = /^(netns|pid):(.*)$/.exec(target) ?? [];
  if (kind === undefined) return undefined;
  if (kind === "pid" && /^[1-9]\d{0,9}$/.test(rest)) return `/proc/${rest}/ns/net`;
  if (kind === "netns" && rest.startsWith("/")) return rest;
  if (kind === "netns" && /^[^/]+$/.test(rest) && rest !== "." && rest !== "..") return `/run/netns/${rest}`;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_TARGET_INVALID",
    message: `"${target}" names no network namespace`,
    hint: "Write netns:/PATH, netns:NAME (ip netns list shows names), or pid:NUMBER.",
    details: { target },
  });
}
