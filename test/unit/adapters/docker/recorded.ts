const NetworkID = "3c9ded9eb15122082892ff8a792f53bf115725e49f12690db5793869e0a529d2";
const EndpointID = "7b320a6298121fe369577fae0c864a0a61eb32b18ad05a5165294165b1231b9f";
const ref = { NetworkID, EndpointID };
const portmap = [{ Proto: 6, IP: "", Port: 80, HostIP: "", HostPort: 8080, HostPortEnd: 8080 }];

/** Bodies of requests, as dockerd 20.10 sends them. */
export const recorded = {
  ref,
  CreateNetwork: {
    NetworkID,
    Options: { "com.docker.network.enable_ipv6": true, "com.docker.network.generic": { myopt: "1" } },
    IPv4Data: [
      {
        AddressSpace: "LocalDefault",
        AuxAddresses: { foo: "10.77.0.5/24" },
        Gateway: "10.77.0.1/24",
        Pool: "10.77.0.0/24",
      },
    ],
    IPv6Data: [{ AddressSpace: "LocalDefault", Gateway: "fd00:78::1/64", Pool: "fd00:78::/64" }],
  },
  CreateEndpoint: {
    ...ref,
    Interface: { Address: "10.77.0.10/24", AddressIPv6: "", MacAddress: "02:42:81:42:fd:a4" },
    Options: {
      "com.docker.network.endpoint.dnsservers": ["9.9.9.9"],
      "com.docker.network.endpoint.exposedports": [{ Proto: 6, Port: 80 }],
      "com.docker.network.portmap": portmap,
      k: "v",
    },
  },
  Join: { ...ref, SandboxKey: "/run/docker/netns/8b6658d19182", Options: { "com.docker.network.portmap": portmap } },
  ProgramExternalConnectivity: { ...ref, Options: { "com.docker.network.portmap": portmap } },
} as const;
