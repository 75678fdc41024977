import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const network = { NetworkID: "d".repeat(64) };
const endpoint = { ...network, EndpointID: "e".repeat(64) };
const portmap = [{ Proto: 6, IP: "", Port: 80, HostIP: "", HostPort: 8082, HostPortEnd: 8082 }];
const bodies = {
  CreateNetwork: {
    ...network,
    Options: { "com.docker.network.generic": { mtu: "1400" }, "com.docker.network.enable_ipv6": false },
    IPv4Data: [{ AddressSpace: "LocalDefault", Pool: "10.83.0.0/24", Gateway: "10.83.0.1/24" }],
    IPv6Data: [],
  },
  CreateEndpoint: { ...endpoint, Interface: { Address: "10.83.0.9/24", AddressIPv6: "", MacAddress: "" }, Options: {} },
  Join: { ...endpoint, SandboxKey: "/run/docker/netns/d9", Options: {} },
  ProgramExternalConnectivity: { ...endpoint, Options: { "com.docker.network.portmap": portmap } },
  Leave: endpoint,
  DeleteEndpoint: endpoint,
  DeleteNetwork: network,
} as const;

type Method = keyof typeof bodies;

function wordsOf(methods: readonly Method[]): readonly string[] {
  return methods.flatMap((method) => [`NetworkDriver.${method}`, JSON.stringify(bodies[method])]);
}

function called(...methods: readonly Method[]): Pick<DoomedCommand, "words" | "launcher"> {
  return { words: wordsOf(methods), launcher: "../test/support/faults/docker-call" };
}

function calling(...methods: readonly Method[]): Action {
  const words = wordsOf(methods).map((word) => `'${word}'`);
  return ["shell", `test/support/faults/docker-call ${words.join(" ")}`];
}

/** docker's calls to tsd as its plug-in. It repeats a call when the plug-in is there again. */
export const dockerCommands: Readonly<Record<string, DoomedCommand>> = {
  "docker's network": { ...called("CreateNetwork"), back: [calling("DeleteNetwork")] },
  "docker's endpoint": {
    before: [calling("CreateNetwork")],
    ...called("CreateEndpoint"),
    back: [calling("DeleteEndpoint")],
    after: [calling("DeleteNetwork")],
  },
  "a container of docker's that joins": {
    before: [calling("CreateNetwork", "CreateEndpoint")],
    ...called("Join", "ProgramExternalConnectivity"),
    between: [calling("Join")],
    back: [calling("DeleteEndpoint", "CreateEndpoint")],
    after: [calling("DeleteNetwork")],
  },
  "a container of docker's that leaves": {
    before: [calling("CreateNetwork", "CreateEndpoint", "Join", "ProgramExternalConnectivity")],
    ...called("Leave", "DeleteEndpoint"),
    between: [calling("Leave")],
    back: [calling("CreateEndpoint", "Join", "ProgramExternalConnectivity")],
    after: [calling("DeleteNetwork")],
  },
  "docker's network with what is left on it": {
    before: [calling("CreateNetwork", "CreateEndpoint", "Join", "ProgramExternalConnectivity")],
    ...called("DeleteNetwork"),
    between: [calling("DeleteEndpoint")],
    back: [calling("CreateNetwork", "CreateEndpoint", "Join", "ProgramExternalConnectivity")],
    after: [calling("DeleteNetwork")],
  },
};
