import type { SystemInfo } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** `tsd system info` for people. */
export function systemInfoText(info: SystemInfo): string {
  const { containers, nat, javascript } = info;
  const lines: readonly (readonly [string, string])[] = [
    ["Version", `${info.version} (API ${info.apiVersion})`],
    ["JavaScript", `${javascript.runtime} ${javascript.version} (${javascript.path})`],
    ["Kernel", info.kernel],
    ["State", info.root],
    ["Run-time files", info.run],
    ["Network drivers", info.drivers.join(", ")],
    ["NAT backend", nat.problem ?? `${nat.backend} ${nat.version}${transport(nat)} (${nat.why})`],
    ["Runtime", info.runtime.problem ?? entries(info.runtime)],
    ["Networks", String(info.networks)],
    ["Containers", `${containers.total} (${containers.running} running)`],
    ["Images", String(info.images)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${printable(`${`${name}:`.padEnd(width + 2)}${value}`)}\n`).join("");
}

/** How rules travel, where there is a choice. */
function transport({ backend, transport: way }: SystemInfo["nat"]): string {
  return backend === "nftables" ? ` by ${way}` : "";
}

function entries(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
