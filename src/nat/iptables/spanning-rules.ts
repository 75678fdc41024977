import { type Family, families, familyOf } from "../../api/address-family.js";
import type { Isolate, Member, Segment } from "../../api/index.js";
import { canonicalAddress, canonicalCidr } from "../canonical-address.js";
import { commentOf, type PlacedRule, placedRule } from "./placed-rule.js";
import type { Table } from "./rule.js";

/** What an isolation adds in one family where its network has containers on other hosts. */
export function rulesOfSpan(isolate: Isolate, family: Family): readonly PlacedRule[] {
  const rule = (table: Table, line: string): PlacedRule =>
    placedRule({ family, table }, line.replace(/ -j /, ` ${commentOf(isolate.owner)} -j `));
  const { bridge, trunk } = isolate;
  const ways = waysOf(isolate, family);
  return [
    ...ways.flatMap(({ inwards, outwards }) => [
      rule("nat", `-A TSD-STAYING ${outwards} -j ACCEPT`),
      rule("filter", `-A TSD-SAME-NETWORK ${inwards} -j TSD-INWARD`),
      rule("filter", `-A TSD-SAME-NETWORK ${outwards} -j ACCEPT`),
    ]),
    ...(trunk === undefined
      ? []
      : [
          rule("raw", `-A TSD-GUARD -i ${trunk} -j TSD-SEGMENTS`),
          ...(family === 4 ? ["-d", "-s"] : []).map((end) =>
            rule("raw", `-A TSD-GUARD ${end} 127.0.0.0/8 -i ${trunk} -j DROP`),
          ),
          rule("mangle", `-A TSD-TRUNKS -i ${trunk} -m rpfilter --invert -j DROP`),
          rule("mangle", `-A TSD-TO-HOST -i ${trunk} -j TSD-FROM-TRUNK`),
          // Networks with isolate=false are called from others, by way of this host.
          rule("filter", `-A TSD-INTERNAL -i ${trunk} ! -o ${bridge} -m conntrack ! --ctstate ${REPLIES} -j DROP`),
          // What goes out by a trunk passes to neighbours here: the host that it comes to decides.
          rule("filter", `-A TSD-BRIDGES ! -i ${bridge} -o ${trunk} -j TSD-INWARD`),
          ...(isolate.open && !isolate.internal
            ? [rule("filter", `-A TSD-ALLOW -o ${trunk} -j TSD-FROM-BRIDGES`)]
            : []),
        ]),
  ];
}

/** What new connections from other hosts of the network need. */
export function neighbourLines(isolate: Isolate, family: Family): readonly string[] {
  return waysOf(isolate, family).map(({ inwards }) => `-A TSD-ALLOW ${inwards} ${commentOf(isolate.owner)} -j ACCEPT`);
}

/** Conditions of packets from there, and of those to there. */
function waysOf(
  { bridge, trunk, remote }: Isolate,
  family: Family,
): readonly { readonly inwards: string; readonly outwards: string }[] {
  const subnets = (remote?.subnets ?? []).filter((subnet) => familyOf(subnet) === family).map(canonicalCidr);
  return [
    ...(trunk === undefined ? [] : [{ inwards: `-i ${trunk} -o ${bridge}`, outwards: `-i ${bridge} -o ${trunk}` }]),
    ...subnets.map((subnet) => ({
      inwards: `-s ${subnet} -i ${remote?.link} -o ${bridge}`,
      outwards: `-d ${subnet} -i ${bridge} -o ${remote?.link}`,
    })),
  ];
}

export function rulesOfSegment({ owner, link, ...segment }: Segment): readonly PlacedRule[] {
  const comment = commentOf(owner);
  return families.flatMap((family) => {
    const frames = `${frameMatch(segment, family)} ${comment}`;
    const mangle = { family, table: "mangle" } as const;
    const of = link === undefined ? "" : `-i ${link} `;
    return [
      placedRule({ family, table: "raw" }, `-A TSD-SEGMENTS ${frames} -j DROP`),
      placedRule(mangle, `-A TSD-RECEIVED ${of}${frames} -j TSD-RECEIVE`),
      ...(link === undefined
        ? []
        : [
            placedRule(mangle, `-A TSD-RECEIVED ! -i ${link} ${frames} -j DROP`),
            // Where the link is gone, the host would send what it encrypts by another.
            placedRule(mangle, `-A TSD-SEND ! -o ${link} ${frames} -j DROP`),
            // Of the host itself other hosts reach as much by this link as by a trunk.
            placedRule(mangle, `-A TSD-TO-HOST -i ${link} ! -p udp ${comment} -j TSD-FROM-TRUNK`),
            placedRule(
              mangle,
              `-A TSD-TO-HOST -i ${link} -p udp -m udp ! --dport ${segment.port} ${comment} -j TSD-FROM-TRUNK`,
            ),
          ]),
    ];
  });
}

export function ruleOfMember({ owner, address, ...segment }: Member): PlacedRule {
  const canonical = canonicalAddress(address);
  const family = familyOf(canonical);
  const source = `-s ${canonical}/${family === 4 ? 32 : 128}`;
  const frames = `${frameMatch(segment, family)} ${commentOf(owner)}`;
  return placedRule({ family, table: "mangle" }, `-A TSD-MEMBERS ${source} ${frames} -j ACCEPT`);
}

/**
 * Frames of a VXLAN segment, by their network identifier behind the headers of IP and UDP (RFC 7348 §5), as iptables-save(8)
 * writes it. Of IPv6 u32 knows the fixed header alone: what has more counts as a frame of each segment.
 */
function frameMatch({ port, vni }: Pick<Segment, "port" | "vni">, family: Family): string {
  const udp = `-p udp -m udp --dport ${port} -m u32`;
  if (family === 4) return `${udp} --u32 "0x0>>0x16&0x3c@0xc>>0x8=${hex(vni)}"`;
  const others = [
    ...(vni > 0 ? [vni === 1 ? "0x0" : `0x0:${hex(vni - 1)}`] : []),
    ...(vni < MAX_VNI ? [vni + 1 === MAX_VNI ? hex(MAX_VNI) : `${hex(vni + 1)}:${hex(MAX_VNI)}`] : []),
  ];
  return `${udp} ! --u32 "0x4>>0x8&0xff=0x11&&0x34>>0x8=${others.join(",")}"`;
}

const REPLIES = "RELATED,ESTABLISHED";
const MAX_VNI = 0xff_ffff;

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

/** Matches that only such networks need, by their names. */
export const spanningMatches = ["u32", "rpfilter"] as const;

/** For iptables-restore(8), which refuses it where the match is missing. */
export function matchProbe(match: (typeof spanningMatches)[number]): string {
  const condition = { u32: '-m u32 --u32 "0x0=0x0"', rpfilter: "-m rpfilter --invert" }[match];
  return `*mangle\n:TSD-PROBE - [0:0]\n-A TSD-PROBE ${condition}\nCOMMIT\n`;
}
