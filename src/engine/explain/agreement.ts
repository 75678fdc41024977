import type { Explanation, ProbeFact } from "../../api/index.js";
import type { Trace } from "./packet.js";

/** Whether a fact is as it was predicted; undefined where that cannot be known. */
export function agreement(
  { verdict, cautions }: Explanation,
  { outcome }: ProbeFact,
  { socket, protocol }: { readonly socket: Trace["socket"]; readonly protocol: string },
): boolean | undefined {
  if (verdict.unknown) return undefined;
  const isAnswered = outcome === "open" || outcome === "reply";
  if (!verdict.reaches) return !isAnswered;
  if (isAnswered) return true;
  // What another machine does with it is not predicted.
  if (verdict.server === "another machine" || verdict.host !== undefined)
    return outcome === "unreachable" ? false : undefined;
  const isSilent = cautions.some((caution) => /^nothing listens|is listened on at/.test(caution));
  if (outcome === "refused") return isSilent || (socket === undefined ? undefined : false);
  if (outcome === "silence" && protocol === "udp") return undefined;
  return false;
}
