import { describe, expect, test } from "@jest/globals";
import type { ContainerSpec } from "../../../../src/api/index.js";
import { bridge } from "../../../../src/drivers/bridge/index.js";
import { namespaces } from "../../../../src/drivers/namespace/index.js";
import { networkModeOf } from "../../../../src/engine/requests/network-mode.js";
import { driversOf } from "../../../support/engine/drivers-of.js";

const drivers = driversOf(...(bridge.drivers ?? []), ...(namespaces.drivers ?? []));

const on = (...networks: readonly string[]): ContainerSpec => ({
  image: "x",
  networks: networks.map((network) => ({ network })),
});

describe("where a container lives", () => {
  test.each([
    [{ image: "x" }, { namespace: "own", attachments: [] }],
    [on("web", "db"), { namespace: "own", attachments: [{ network: "web" }, { network: "db" }] }],
    [on("bridge"), { namespace: "own", attachments: [{ network: "bridge" }] }],
    [on("none"), { namespace: "own", attachments: [] }],
    [on("host"), { namespace: "host" }],
    [on("container:web"), { namespace: "container", target: "web" }],
    [on("ns:/run/netns/x"), { namespace: "path", target: "/run/netns/x" }],
    [{ ...on("host"), publish: ["80"], dns: ["192.0.2.1"] }, { namespace: "host" }],
    [
      { ...on("none"), hostname: "lonely", sysctls: { "net.ipv4.ip_forward": "1" } },
      { namespace: "own", attachments: [] },
    ],
  ])("%j: %j", (spec, networkMode) => {
    expect(networkModeOf(drivers, spec)).toEqual(networkMode);
  });

  test.each([
    [on("container:"), /"container:" names no container$/],
    [on("container"), /names no container$/],
    [on("ns:"), /names no path$/],
    [on("host:x"), /"host" takes nothing after a colon, and "x" was given$/],
    [on("host", "web"), /"host" does not go together with "web"$/],
    [on("web", "none"), /"none" does not go together with "web"$/],
    [on("host", "host"), /does not go together with itself$/],
    [{ ...on("container:web"), publish: ["80"] }, /^--publish does not go together with network mode "container"/],
    [
      { ...on("container:web"), hostname: "x", dns: ["192.0.2.1"], addHosts: ["a:192.0.2.1"] },
      /^--hostname, --dns, --add-host do not/,
    ],
    [{ ...on("container:web"), links: ["x"], sysctls: { "net.a": "1" } }, /^--link, --sysctl do not/],
    [
      { image: "x", networks: [{ network: "host", address: "10.0.0.2" }] },
      /^--ip does not.*which shares the host's network$/,
    ],
    [
      { image: "x", networks: [{ network: "none", mac: "02:00:00:00:00:01" }] },
      /^--mac-address does not.*has no network$/,
    ],
    [
      { image: "x", networks: [{ network: "container:web", aliases: ["x"], address6: "fd00::2" }] },
      /^--ip6, --network-alias do not/,
    ],
    [{ ...on("host"), sysctls: { "net.ipv4.ip_forward": "1" } }, /^--sysctl does not/],
  ])("%j is refused", (spec, message) => {
    expect(() => networkModeOf(drivers, spec)).toThrow(
      expect.objectContaining({ kind: "invalid-input", message: expect.stringMatching(message) }),
    );
  });
});
