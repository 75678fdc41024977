import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const podmanNetwork = { name: "n", id: "e".repeat(64), driver: "bridge", network_interface: "podman9" };
const podmanInput = JSON.stringify({
  ...{ container_id: "c9", container_name: "c9" },
  networks: { n: { interface_name: "eth0", static_ips: ["10.89.0.9"] } },
  network_info: {
    n: {
      ...{ ...podmanNetwork, internal: false, dns_enabled: false, ipv6_enabled: false },
      subnets: [{ subnet: "10.89.0.0/24", gateway: "10.89.0.1" }],
    },
  },
  port_mappings: [{ host_ip: "", host_port: 8080, container_port: 80, range: 2, protocol: "tcp,udp" }],
});
const netavark = { launcher: "../share/podman/netavark", input: podmanInput };
const netavarkWords = (verb: string): readonly string[] => ["--config", "/nonexistent", verb, "/run/netns/guest"];
const callNetavark = (verb: string): Action => [
  "shell",
  `echo '${podmanInput}' | share/podman/netavark ${netavarkWords(verb).join(" ")}`,
];
const makeGuestNamespace: Action = ["shell", "ip netns add guest; ip -n guest link set lo up"];
const removeGuestNamespace: Action = ["shell", "ip netns delete guest"];
const makePodmanNetwork: Action = [
  "networks",
  "create",
  {
    ...{ name: "podman-n", subnets: ["10.89.0.0/24"], gateways: ["10.89.0.1"] },
    options: { name: podmanNetwork.network_interface, isolate: "false" },
    labels: { "io.podman.network.id": podmanNetwork.id, "io.podman.network.name": "n" },
  },
];

/** tsd in netavark's place, without names, which are files of aardvark-dns. */
export const podmanCommands: Readonly<Record<string, DoomedCommand>> = {
  "podman's setup of a container": {
    ...netavark,
    before: [makeGuestNamespace],
    words: netavarkWords("setup"),
    back: [callNetavark("teardown")],
    between: [makePodmanNetwork],
    after: [removeGuestNamespace],
  },
  "podman's teardown of a container": {
    ...netavark,
    before: [makeGuestNamespace, callNetavark("setup")],
    words: netavarkWords("teardown"),
    back: [callNetavark("setup")],
    between: [["networks", "disconnect", "netns:/run/netns/guest", "podman-n"]],
    after: [callNetavark("teardown"), removeGuestNamespace],
  },
};
