/** What podman 4.3.1 writes to netavark, and what netavark 1.4.0 replies, as recorded from both. */
export const recorded = {
  argv: ["--config", "CONFIG", "--rootless=false", "--aardvark-binary=AARDVARK"],
  netns: "/run/netns/a",
  input: {
    container_id: "57df5c46e32bbe216c37f5a99921bb344cd4558325613082547b16a0dbf1783e",
    container_name: "pc",
    port_mappings: [
      {
        host_ip: "127.0.0.1",
        container_port: 80,
        host_port: 8088,
        range: 1,
        protocol: "tcp",
      },
      {
        host_ip: "",
        container_port: 9000,
        host_port: 9000,
        range: 2,
        protocol: "udp",
      },
    ],
    networks: {
      pn: {
        static_ips: ["10.66.0.9", "fd00:66::2"],
        aliases: ["al", "57df5c46e32b"],
        static_mac: "02:11:22:33:44:55",
        interface_name: "eth0",
      },
    },
    network_info: {
      pn: {
        name: "pn",
        id: "1a822bc234a42f0aa56769209f76254c1da5470c5a341232ca7513aae4615875",
        driver: "bridge",
        network_interface: "podman1",
        created: "2026-11-21T02:56:31.766073247Z",
        subnets: [
          {
            subnet: "10.66.0.0/24",
            gateway: "10.66.0.1",
          },
          {
            subnet: "fd00:66::/64",
            gateway: "fd00:66::1",
          },
        ],
        ipv6_enabled: true,
        internal: false,
        dns_enabled: true,
        labels: {
          l: "1",
        },
        options: {
          mtu: "1400",
        },
        ipam_options: {
          driver: "host-local",
        },
      },
    },
  },
  output: {
    pn: {
      dns_search_domains: ["dns.podman"],
      dns_server_ips: ["10.66.0.1", "fd00:66::1"],
      interfaces: {
        eth0: {
          mac_address: "02:11:22:33:44:55",
          subnets: [
            {
              gateway: "10.66.0.1",
              ipnet: "10.66.0.9/24",
            },
            {
              gateway: "fd00:66::1",
              ipnet: "fd00:66::2/64",
            },
          ],
        },
      },
    },
  },
} as const;
