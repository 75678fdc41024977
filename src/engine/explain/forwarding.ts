import type { Family } from "../../api/address-family.js";
import { type Advice, inWords, oneOf } from "./advice.js";
import type { Landscape } from "./landscape.js";

/**
 * Why the host forwards nothing that comes in by `link`, if that is so. The kernel asks the interface a packet came in by
 * (ip-sysctl, `forwarding`, `force_forwarding`); IPv6 before Linux 6.17 asks the whole host.
 */
export function stoppedForwarding(
  land: Landscape,
  family: Family,
  link: string,
): { readonly why: string; readonly advice: Advice } | undefined {
  const own = family === 4 ? `net/ipv4/conf/${link}/forwarding` : `net/ipv6/conf/${link}/force_forwarding`;
  const whole = family === 4 ? [] : ["net/ipv6/conf/all/forwarding"];
  const values = [own, ...whole].map((key) => land.machine.parameter(key));
  if (values.includes("1") || values.every((value) => value === undefined)) return undefined;
  const key = values[0] === undefined ? (whole[0] ?? own) : own;
  const isOurs = land.sysctls(key).length > 0 || land.machine.uplinks().some(({ name }) => name === link);
  return {
    why: `${link} does not forward IPv${family} packets`,
    advice: isOurs
      ? oneOf({ what: "Let tsd repair it", command: ["reload"] })
      : inWords(`Switch it on: sysctl -w ${key.replaceAll("/", ".")}=1`),
  };
}
