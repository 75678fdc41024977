import { constants, release } from "node:os";
import type { KernelFeature } from "../../contracts/index.js";
import { kernelError } from "../errno.js";
import { readIfPresent } from "../files/read-if-present.js";
import { libc } from "../libc.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { bracket, CLONE_NEWNET } from "../netns/netns.js";
import { canFilterIngress } from "../rtnetlink/filters/ingress-support.js";
import { encodeNewLink } from "../rtnetlink/links/link-request.js";

/** What tsd needs of links and file systems and this kernel lacks. */
export function missingFeatures(): readonly KernelFeature[] {
  const features = [
    { name: "bridges", module: "bridge", config: "CONFIG_BRIDGE", isThere: () => makes("bridge") },
    { name: "veth links", module: "veth", config: "CONFIG_VETH", isThere: () => makes("veth") },
    {
      ...{ name: "filters of BPF on links, so that 127.0.0.1 of the host leads to no container", module: "cls_bpf" },
      ...{ config: "CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF", isThere: canFilterIngress },
    },
    { name: "VXLAN tunnels", module: "vxlan", config: "CONFIG_VXLAN", isThere: () => makes("vxlan") },
    { name: "overlay file system", module: "overlay", config: "CONFIG_OVERLAY_FS", isThere: hasOverlay },
    { name: "control groups", config: "CONFIG_CGROUPS", isThere: hasCgroups },
  ];
  return features.filter(({ isThere }) => !isThere()).map(({ isThere: _isThere, ...feature }) => feature);
}

/** See {@link Platform.lacksWireguard}. */
export function lacksWireguard(): string | undefined {
  if (readIfPresent("/proc/sys/net/ipv6/conf/default/disable_ipv6") === undefined) return "its kernel has no IPv6";
  return makes("wireguard") ? undefined : "its kernel has no WireGuard";
}

const sample = { kind: "link", name: "probe0" } as const;
const samples = {
  bridge: { ...sample, type: "bridge" },
  veth: { ...sample, type: "veth", peer: { name: "probe1" } },
  vxlan: { ...sample, type: "vxlan", mac: "02:00:00:00:00:01", vni: 1, local: "192.0.2.1", port: 4789 },
  wireguard: { ...sample, type: "wireguard" },
} as const;

/** Tried in a namespace that ends with the trial, since the kernel loads what it has on demand. */
function makes(type: keyof typeof samples): boolean {
  return bracket(() => {
    if (libc().unshare(CLONE_NEWNET) < 0) {
      throw kernelError({ operation: "create network namespace", object: `to try a ${type}`, errno: libc().errno() });
    }
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const batch = new MessageBatch();
    encodeNewLink(batch, samples[type], {});
    return socket.exchange(batch).failures.every(({ errno }) => errno !== constants.errno.EOPNOTSUPP);
  });
}

/** In the kernel, or where modprobe(8) finds it. */
function hasOverlay(): boolean {
  const index = readIfPresent(`/lib/modules/${release()}/modules.dep`) ?? "";
  return lists("/proc/filesystems", "overlay") || index.includes("/overlay.ko");
}

function hasCgroups(): boolean {
  return lists("/proc/filesystems", "cgroup") || lists("/proc/filesystems", "cgroup2");
}

function lists(file: string, word: string): boolean {
  return (readIfPresent(file) ?? "").split(/\s+/).includes(word);
}
