import type { ContainerDetails, ContainerSize } from "../api/index.js";
import { containerLabels } from "./container-config.js";
import { containerMounts } from "./container-mounts.js";
import { dockerStatus } from "./container-state.js";
import { containerStatus } from "./container-status.js";
import { networkSettings } from "./network-settings.js";
import { goMap } from "./template/go-map.js";

type Json = Readonly<Record<string, unknown>>;

/** A container in docker's list (Engine API, `ContainerSummary`). `now` in milliseconds since the epoch. */
export function containerSummary(details: ContainerDetails, now: number, size?: ContainerSize): Json {
  const { container } = details;
  const settings = networkSettings(details);
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.spec.image ?? container.spec.rootfs ?? "",
    ImageID: container.imageId === undefined ? "" : `sha256:${container.imageId}`,
    Command: container.command.map((word) => (word.includes(" ") ? `'${word}'` : word)).join(" "),
    Created: Math.floor(Date.parse(container.created) / 1000),
    Ports: Object.entries(settings.Ports ?? {}).flatMap(([port, hosts]) => portsOf(port, hosts)),
    ...(size === undefined ? {} : { SizeRw: size.written, SizeRootFs: size.total }),
    Labels: goMap(containerLabels(details)),
    State: dockerStatus(container),
    Status: containerStatus(container, now),
    HostConfig: { NetworkMode: container.spec.networks?.[0]?.network ?? "default" },
    NetworkSettings: { Networks: settings.Networks },
    Mounts: containerMounts(details),
  };
}

type Hosts = readonly { readonly HostIp: string; readonly HostPort: string }[] | null;

/** One for each address that the port is published on; one without an address for a port that is only exposed. */
function portsOf(port: string, hosts: Hosts): readonly Json[] {
  const [number, protocol] = port.split("/");
  const inside = { PrivatePort: Number(number), Type: protocol };
  if (hosts === null || hosts.length === 0) return [inside];
  return hosts.map(({ HostIp, HostPort }) => ({ IP: HostIp, ...inside, PublicPort: Number(HostPort) }));
}
