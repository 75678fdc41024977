import type { ContainerSpec } from "../api/index.js";
import type { PortMap } from "./port-list.js";

/** docker's `-p`, as it was accepted: `[[ip:][hostPort]:]containerPort[/protocol]`, ports with their ranges. */
const pattern = /^(?:(?:(\[[^\]]*\]|.*):)?([^:]*):)?([^:/]*)(?:\/(.*))?$/s;

/** docker's `PortBindings`: ports as they were asked for, whether the container runs or not. Empty words stand for any. */
export function requestedPorts({ publish = [] }: Pick<ContainerSpec, "publish">): PortMap {
  const map: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const text of publish) {
    const { ip, host, container, protocol } = partsOf(text);
    const inside = portsOf(container);
    const outside = portsOf(host);
    inside.forEach((port, at) => {
      const key = `${port}/${protocol}`;
      // One port of several that may be its own stays a range.
      const asked = inside.length === outside.length ? String(outside[at]) : host;
      map[key] = [...(map[key] ?? []), { HostIp: ip, HostPort: asked }];
    });
  }
  return map;
}

interface Parts {
  readonly ip: string;
  readonly host: string;
  readonly container: string;
  readonly protocol: string;
}

function partsOf(text: string): Parts {
  if (text.includes("=")) {
    const fields = new Map(text.split(",").map((field) => field.split("=", 2) as [string, string]));
    const { published = "", target = "", protocol = "tcp" } = Object.fromEntries(fields);
    return { ip: "", host: published, container: target, protocol };
  }
  const [, ip = "", host = "", container = "", protocol = "tcp"] = pattern.exec(text) ?? [];
  return { ip: ip.replace(/^\[(.*)\]$/, "$1"), host, container, protocol: protocol.toLowerCase() };
}

/** None for an empty word. */
function portsOf(range: string): readonly number[] {
  if (range === "") return [];
  const [first = 0, last = first] = range.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}
