import { describe, expect, test } from "@jest/globals";
import type { Learned } from "../../../../src/api/index.js";
import { checkLearned, type Place } from "../../../../src/engine/resources/learned-interface.js";

const planned = ["10.1.0.2/24"];
const subnets = [{ cidr: "10.1.0.0/24", gateway: "10.1.0.1" }];
const holders: Record<string, string> = { "192.168.7.1": "br0 of the host", "fd00::9": 'container "db"' };
const network = { id: "n", name: "lan", driver: "docker:p" };
const holderOf = (address: string): string | undefined => holders[address];
/** tsd leases addresses of one family, and others decide on the other. */
const leasing: Place = { network: { ...network, subnets }, planned, holderOf };
/** Others decide on all. */
const open: Place = { network: { ...network, subnets: [] }, planned: [], holderOf };

describe("what a plug-in reports of an interface", () => {
  test.each<[Place, Learned, Learned]>([
    [leasing, {}, {}],
    [leasing, { interface: "wire0", mac: "02:00:00:00:00:01" }, { interface: "wire0", mac: "02:00:00:00:00:01" }],
    [leasing, { addresses: ["10.1.0.2/24", "FD00:0::8/64"] }, { addresses: ["10.1.0.2/24", "fd00::8/64"] }],
    [
      open,
      { addresses: ["192.168.7.9/24", "203.0.113.4/31", "10.0.0.1/32"] },
      { addresses: ["192.168.7.9/24", "203.0.113.4/31", "10.0.0.1/32"] },
    ],
    [open, { addresses: [] }, { addresses: [] }],
  ])("is taken: %#", (place, learned, taken) => expect(checkLearned(learned, place)).toEqual(taken));

  test.each<[Place, Learned, string]>([
    [open, { addresses: ["127.0.0.2/8"] }, 'address "127.0.0.2/8" for an endpoint, which is of 127.0.0.0/8 (loopback)'],
    [open, { addresses: ["0.0.0.0/0"] }, "this network"],
    [open, { addresses: ["224.0.0.5/24"] }, "multicast"],
    [open, { addresses: ["255.255.255.255/32"] }, "broadcast"],
    [open, { addresses: ["169.254.169.254/32"] }, "link-local"],
    [open, { addresses: ["::1/128"] }, "reserved"],
    [open, { addresses: ["fe80::5/64"] }, "link-local"],
    [open, { addresses: ["ff02::1/64"] }, "multicast"],
    [open, { addresses: ["::ffff:10.0.0.1/128"] }, "is no IP address with prefix length"],
    [open, { addresses: ["010.0.0.1/24"] }, "is no IP address"],
    [open, { addresses: ["10.0.0.1"] }, "is no IP address"],
    [open, { addresses: ["10.0.0.1/33"] }, "is no IP address"],
    [open, { addresses: ["fe80::1%eth0/64"] }, "is no IP address"],
    [open, { addresses: ["\u001b[31m/24"] }, 'address "\\x1b[31m/24"'],
    [open, { addresses: ["192.168.7.255/24"] }, "the broadcast address of its subnet"],
    [open, { addresses: ["192.168.7.0/24"] }, "the network address of its subnet"],
    [open, { addresses: ["fd00:1::/64"] }, "the routers' address of its subnet"],
    [open, { addresses: ["192.168.7.1/24"] }, "belongs to br0 of the host"],
    [open, { addresses: ["fd00:0:0::9/64"] }, 'belongs to container "db"'],
    [open, { addresses: Array.from({ length: 17 }, (_, at) => `10.0.0.${at + 1}/24`) }, "17 addresses"],
    [leasing, { addresses: ["10.1.0.3/24"] }, "is not the one that tsd leased"],
    [leasing, { addresses: ["10.2.0.2/24"] }, "is outside of 10.1.0.0/24"],
    [leasing, { addresses: ["fd00::8/64"] }, "is not 10.1.0.2/24, which tsd leased"],
    [leasing, { addresses: [] }, "no address for an endpoint, which is not 10.1.0.2/24"],
    [open, { interface: "../../x" }, 'interface "../../x" for an endpoint, which is not an interface name'],
    [open, { mac: "01:00:5e:00:00:01" }, "MAC address"],
  ])("is refused: %#", (place, learned, said) => {
    const check = (): Learned => checkLearned(learned, place);
    expect(check).toThrow(said);
    expect(check).toThrow(expect.objectContaining({ kind: "plugin", code: "TSD_LEARNED_REFUSED" }));
    expect(check).toThrow('driver "docker:p" of network "lan" reports');
  });
});
