import type { OnStep } from "../../api/index.js";
import type { Host, PacketCapture, ProbePacket } from "../../contracts/index.js";
import { shellLine } from "../shell-words.js";
import { captureCommand } from "./capture.js";

/** A host that reports which packets it would send and which programs it would start in namespaces, and does neither. */
export function withPlannedPackets(host: Host, tell: OnStep): Host {
  return {
    ...host,
    probe: async (packet) => {
      tell({ verb: "run", what: `send a packet to ${packet.address}`, sends: [within(packet, probeWords(packet))] });
      return undefined;
    },
    capture: async (wanted: PacketCapture) => {
      tell({ verb: "run", what: "capture packets", sends: [within(wanted, captureCommand(wanted))] });
      return 0;
    },
  };
}

/** Programs with the same effect. */
function probeWords({ protocol, address, port }: ProbePacket): readonly string[] {
  if (port === undefined) return ["ping", "-c", "1", "-W", "3", address];
  return ["nc", ...(protocol === "tcp" ? [] : [`--${protocol}`]), "-z", "-w", "3", address, String(port)];
}

function within({ netns }: { readonly netns?: string }, words: readonly string[]): string {
  return shellLine(netns === undefined ? words : ["nsenter", `--net=${netns}`, ...words]);
}
