import type { InterfaceTraffic } from "../api/index.js";

/** Reads /proc/PID/net/dev: a name, then eight counters of what came in and eight of what went out. Loopback is left out. */
export function parseInterfaces(text: string): readonly InterfaceTraffic[] {
  return text.split("\n").flatMap((line) => {
    const [, name = "", rest = ""] = /^\s*(\S+):\s*(.*)$/.exec(line) ?? [];
    const counters = rest.trim().split(/\s+/).map(Number);
    if (name === "" || name === "lo" || counters.length < 16) return [];
    const at = (index: number): number => counters[index] ?? 0;
    return [
      {
        interface: name,
        received: { bytes: at(0), packets: at(1), dropped: at(3) },
        sent: { bytes: at(8), packets: at(9), dropped: at(11) },
      },
    ];
  });
}
