import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseNetworkFlag } from "../../../src/commands/network-flag.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

describe("--network", () => {
  test.each([
    ["web", { network: "web" }],
    ["host", { network: "host" }],
    ["container:www", { network: "container:www" }],
    ["ns:/run/netns/a=b,c", { network: "ns:/run/netns/a=b,c" }],
    ["name=web", { network: "web" }],
    ["ip=10.0.0.9,name=web,alias=a,alias=b", { network: "web", address: "10.0.0.9", aliases: ["a", "b"] }],
    [
      "name=web,ip6=fd00::9,mac-address=02:00:00:00:00:09",
      { network: "web", address6: "fd00::9", mac: "02:00:00:00:00:09" },
    ],
    ["name=web,gw-priority=-4", { network: "web", gatewayPriority: -4 }],
    [
      "name=web,driver-opt=ifname=lan0,driver-opt=sysctls=net.x=1",
      { network: "web", options: { ifname: "lan0", sysctls: "net.x=1" } },
    ],
    [
      "web:ip=10.0.0.9,ip=fd00::9,mac=02:00:00:00:00:09",
      { network: "web", address: "10.0.0.9", address6: "fd00::9", mac: "02:00:00:00:00:09" },
    ],
    [
      "web:interface_name=lan0,host_interface_name=veth7",
      { network: "web", options: { ifname: "lan0", host_ifname: "veth7" } },
    ],
  ])("%s", (text, attachment) => {
    expect(parseNetworkFlag(text)).toEqual(attachment);
  });

  test.each([
    ["", /names no network$/],
    ["ip=10.0.0.9", /names no network$/],
    [":ip=10.0.0.9", /names no network$/],
    ["containr:www", /is neither a network nor a mode$/],
    ["web:", /is neither a network nor a mode$/],
    ["name=", /gives name no value$/],
    ["name=web,ip=", /gives ip no value$/],
    ["name=web,gw-prio=3", /has no key "gw-prio"$/],
    ["web:colour=red", /has no key "colour"$/],
    ["name=web,gw-priority=high", /--gw-priority "high" is not a whole number$/],
    ["name=web,=x", /is not a key and a value$/],
  ])("%s is refused", (text, message) => {
    expect(() => parseNetworkFlag(text)).toThrow(
      expect.objectContaining({ kind: "invalid-input", message: expect.stringMatching(message) }),
    );
  });

  test("of any text is read or refused in words", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(name=|web:)?([a-z6]{1,12}=[^,]{0,9},?){0,4}$/)),
        (text) => {
          try {
            expect(parseNetworkFlag(text).network).not.toBe("");
          } catch (error) {
            if (!TsdError.is(error, "invalid-input")) throw error;
          }
        },
      ),
    );
  });
});
