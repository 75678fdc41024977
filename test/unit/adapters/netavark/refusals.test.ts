import { describe, expect, test } from "@jest/globals";
import { container, mapping, network } from "./documents.js";
import { PodmanHost } from "./podman-host.js";
import { recorded } from "./recorded.js";

const { input, netns } = recorded;

describe("podman learns why, in one object with one key, and nothing is left, when", () => {
  const on = (changes: object): object => container("c", 2, { n: network("n", 1, changes) });
  test.each([
    ["the input is no JSON", "{", /^input is not JSON/],
    ["it is a list", [], /^input is not an object/],
    ["a member is missing", { container_id: "c" }, /^input\.container_name is not a string: missing/],
    [
      "a port is none",
      container("c", 2, {}, { port_mappings: [{ ...mapping, host_port: 0 }] }),
      /port_mappings\[0\]\.host_port is not a whole number from 1/,
    ],
    [
      "a network is not described",
      { ...container("c", 2, { n: network("n", 1) }), network_info: {} },
      /network_info has no network "n"/,
    ],
    ["a name leads elsewhere", container("c", 2, { n: network("../n", 1) }), /network_info\.n\.name is not a name/],
    ["it is of another driver", on({ driver: "mine" }), /network "n" of podman has the driver "mine"/],
    ["it has an option that tsd has not", on({ options: { vrf: "v" } }), /network "n" of podman has the option vrf=v/],
    ["a value is none", on({ options: { isolate: "perhaps" } }), /has the option isolate=perhaps/],
    [
      "it has an option called as all objects have",
      on({ options: { constructor: "1" } }),
      /has the option constructor=1/,
    ],
    ["it has static routes", on({ routes: [{ destination: "10.0.0.0/8", gateway: "10.1.0.2" }] }), /has static routes/],
    [
      "its addresses are leased elsewhere",
      on({ ipam_options: { driver: "dhcp" }, subnets: [] }),
      /takes its addresses from "dhcp"/,
    ],
    [
      "it has two subnets of a family",
      on({
        subnets: [
          { subnet: "10.1.0.0/24", gateway: "10.1.0.1" },
          { subnet: "10.3.0.0/24", gateway: "10.3.0.1" },
        ],
      }),
      /podman gave two IPv4 addresses for network "n"/,
    ],
    [
      "an address is outside",
      container(
        "c",
        2,
        { n: network("n", 1) },
        { networks: { n: { interface_name: "eth0", static_ips: ["10.9.0.2"] } } },
      ),
      /address 10\.9\.0\.2 is outside/,
    ],
    [
      "the second network fails",
      container("c", 2, { n: network("n", 1), m: network("m", 2, { options: { mtu: "1" } }) }),
      /option mtu=1 is not/,
    ],
    [
      "another network has the bridge",
      container("c", 2, { n: network("n", 1), m: network("m", 2, { network_interface: "podman1" }) }),
      /podman1/,
    ],
  ])("%s", async (_why, said, expected) => {
    using host = new PodmanHost();
    const before = host.world.snapshot();
    const { code, stdout, result } = await host.call(["setup", netns], said);
    expect({ code, result }).toEqual({ code: 1, result: { error: expect.stringMatching(expected) } });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(host.world.snapshot()).toEqual(before);
  });

  test("the nameserver does not start", async () => {
    using host = new PodmanHost();
    const before = host.world.snapshot();
    host.nameServerExit = 1;
    const { code, result } = await host.call(["setup", netns], input);
    expect({ code, result }).toEqual({ code: 1, result: { error: expect.stringContaining("ended with exit code 1") } });
    expect(host.world.snapshot()).toEqual(before);
    expect(host.names()).toEqual({});
  });

  test.each([
    [["setup"], /setup needs the path of a namespace/],
    [[], /it has no command/],
    [["setup", netns, "more"], /setup takes no "more"/],
    [["--nothing", "setup", netns], /there is no flag --nothing/],
    [["--rootless", "true", "setup", netns], /tsd serves podman of root alone/],
    [["update", "../n", "--network-dns-servers", "192.0.2.1"], /"\.\.\/n" is no network/],
    [["update", "n", "--network-dns-servers", "a\nb"], /is no address/],
    [["dhcp-proxy"], /tsd has no dhcp-proxy/],
    [["firewalld-reload"], /tsd-follow-firewalld/],
  ])("it is called with %j", async (words, expected) => {
    using host = new PodmanHost();
    const { code, result } = await host.call(words, input);
    expect({ code, result }).toEqual({ code: 1, result: { error: expect.stringMatching(expected) } });
  });
});
