import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Resource } from "../../../../../src/api/resource.js";
import { decodeMessages } from "../../../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../../../src/kernel/netlink/message-batch.js";
import {
  encodeDeleteGroup,
  encodeLinkGroup,
  encodeNewLink,
  encodePort,
} from "../../../../../src/kernel/rtnetlink/links/link-request.js";
import {
  decodeAddress,
  encodeDeleteAddress,
  encodeNewAddress,
} from "../../../../../src/kernel/rtnetlink/messages/address.js";
import { formatPrefix, parseAddress, parsePrefix } from "../../../../../src/kernel/rtnetlink/messages/ip-prefix.js";
import { decodeLink, encodeGetLink, encodeLinkUp } from "../../../../../src/kernel/rtnetlink/messages/link.js";
import { decodeRoute, encodeDeleteRoute, encodeNewRoute } from "../../../../../src/kernel/rtnetlink/messages/route.js";
import { RtnetlinkProvider } from "../../../../../src/kernel/rtnetlink/rtnetlink-provider.js";

/** Everything after sequence and port number, which the socket fills in, in words of four bytes. */
function bytesOf(fill: (batch: MessageBatch) => void): readonly string[] {
  const batch = new MessageBatch();
  fill(batch);
  const words = batch.encode().toString("hex").match(/.{8}/g) ?? [];
  return [words[1] ?? "", ...words.slice(4)];
}

/** First word: type u16, flags u16. NLM_F_REQUEST 1, EXCL 0x200, CREATE 0x400, ECHO 8. */
describe("bytes beside the command of iproute2 that asks for the same", () => {
  test("ip link show dev eth0", () => {
    expect(bytesOf((batch) => encodeGetLink(batch, "eth0"))).toEqual([
      "12000100", // RTM_GETLINK
      ...["00000000", "00000000", "00000000", "00000000"], // ifinfomsg
      ...["09000300", "65746830", "00000000"], // IFLA_IFNAME "eth0"
      ...["08001d00", "08000000"], // IFLA_EXT_MASK RTEXT_FILTER_SKIP_STATS
    ]);
  });

  test("ip link set eth0 up", () => {
    expect(bytesOf((batch) => encodeLinkUp(batch, "eth0"))).toEqual([
      "10000100", // RTM_NEWLINK
      ...["00000000", "00000000", "01000000", "01000000"], // ifinfomsg: flags and change IFF_UP
      ...["09000300", "65746830", "00000000"],
    ]);
  });

  test("ip link add br0 up address 02:42:0a:0a:0a:01 type bridge forward_delay 0 stp_state 0 mcast_snooping 0 no_linklocal_learn 1 fdb_max_learned 4096", () => {
    const link = { kind: "link", type: "bridge", name: "br0", mac: "02:42:0a:0a:0a:01" } as const;
    expect(bytesOf((batch) => encodeNewLink(batch, link, {}))).toEqual([
      "10000906", // RTM_NEWLINK, CREATE | EXCL | ECHO
      ...["00000000", "00000000", "01000000", "01000000"],
      ...["08000300", "62723000"], // IFLA_IFNAME "br0"
      ...["0a000100", "02420a0a", "0a010000"], // IFLA_ADDRESS
      "40001200", // IFLA_LINKINFO
      ...["0b000100", "62726964", "67650000"], // IFLA_INFO_KIND "bridge"
      "30000200", // IFLA_INFO_DATA
      ...["08000100", "00000000"], // IFLA_BR_FORWARD_DELAY
      ...["08000500", "00000000"], // IFLA_BR_STP_STATE
      ...["05001700", "00000000"], // IFLA_BR_MCAST_SNOOPING
      ...["0c002e00", "01000000", "01000000"], // IFLA_BR_MULTI_BOOLOPT
      ...["08003100", "00100000"], // IFLA_BR_FDB_MAX_LEARNED 4096
    ]);
  });

  test("ip link add v0 up arp off mtu 1400 master 7 numtxqueues 1 numrxqueues 1 type veth peer name eth0 address 02:42:0a:0a:0a:02 mtu 1400 netns 9 numtxqueues 1 numrxqueues 1", () => {
    const peer = { name: "eth0", mac: "02:42:0a:0a:0a:02" };
    const link = { kind: "link", type: "veth", name: "v0", mtu: 1400, peer } as const;
    expect(bytesOf((batch) => encodeNewLink(batch, link, { master: 7, peerNetns: 9 }))).toEqual([
      "10000906",
      ...["00000000", "00000000", "81000000", "81000000"], // ifinfomsg: IFF_UP and IFF_NOARP
      ...["07000300", "76300000"],
      ...["08000400", "78050000"], // IFLA_MTU 1400
      ...["08000a00", "07000000"], // IFLA_MASTER
      ...["08001f00", "01000000", "08002000", "01000000"], // IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES
      "60001200",
      ...["09000100", "76657468", "00000000"], // IFLA_INFO_KIND "veth"
      "50000200",
      "4c000100", // VETH_INFO_PEER
      ...["00000000", "00000000", "00000000", "00000000"], // its ifinfomsg: not up yet
      ...["09000300", "65746830", "00000000"],
      ...["0a000100", "02420a0a", "0a020000"],
      ...["08000400", "78050000"],
      ...["08001c00", "09000000"], // IFLA_NET_NS_FD
      ...["08001f00", "01000000", "08002000", "01000000"],
    ]);
  });

  test("ip link set dev 5 type bridge_slave hairpin on isolated on", () => {
    expect(bytesOf((batch) => encodePort(batch, 5, { hairpin: true, isolated: true, tunnel: false }))).toEqual([
      "10000100",
      ...["00000000", "05000000", "00000000", "00000000"],
      "24001200", // IFLA_LINKINFO
      ...["0b000400", "62726964", "67650000"], // IFLA_INFO_SLAVE_KIND "bridge"
      "14000500", // IFLA_INFO_SLAVE_DATA
      ...["05000400", "01000000"], // IFLA_BRPORT_MODE
      ...["05002100", "01000000"], // IFLA_BRPORT_ISOLATED
    ]);
  });

  test("ip link set dev 5 group 1073741824; ip link delete group 1073741824", () => {
    const words = bytesOf((batch) => encodeLinkGroup(batch, 5, 0x40000000));
    expect(words).toEqual(["10000100", "00000000", "05000000", "00000000", "00000000", "08001b00", "00000040"]);
    expect(bytesOf((batch) => encodeDeleteGroup(batch, 0x40000000))).toEqual([
      "11000100", // RTM_DELLINK
      ...["00000000", "00000000", "00000000", "00000000"],
      ...["08001b00", "00000040"],
    ]);
  });

  test("ip address add 10.10.10.1/24 dev 2, and delete", () => {
    const prefix = parsePrefix("10.10.10.1/24");
    const rest = ["02180000", "02000000", "08000200", "0a0a0a01", "08000100", "0a0a0a01"]; // IFA_LOCAL, IFA_ADDRESS
    expect(bytesOf((batch) => encodeNewAddress(batch, 2, prefix))).toEqual([
      ...["14000106", ...rest],
      ...["05000b00", "74000000"], // IFA_PROTO
    ]);
    expect(bytesOf((batch) => encodeDeleteAddress(batch, 2, prefix))).toEqual(["15000100", ...rest]);
  });

  test("ip address add fd00::1/64 dev 2 nodad", () => {
    expect(bytesOf((batch) => encodeNewAddress(batch, 2, parsePrefix("fd00::1/64")))).toEqual([
      "14000106",
      ...["0a400200", "02000000"], // IFA_F_NODAD
      ...["14000100", "fd000000", "00000000", "00000000", "00000001"],
      ...["05000b00", "74000000"],
    ]);
  });

  test("ip route add default via 10.10.10.1 dev 2 proto 116, and delete", () => {
    const route = { destination: parsePrefix("0.0.0.0/0"), gateway: parseAddress("10.10.10.1"), link: 2 };
    const rest = ["00000000", "08000500", "0a0a0a01", "08000400", "02000000"]; // flags, RTA_GATEWAY, RTA_OIF
    expect(bytesOf((batch) => encodeNewRoute(batch, route))).toEqual([
      "18000106",
      ...["02000000", "fe740001"], // table main, proto 116, scope universe, unicast
      ...rest,
    ]);
    expect(bytesOf((batch) => encodeDeleteRoute(batch, route))).toEqual(["19000100", "02000000", "fe74ff00", ...rest]);
  });

  test("ip route add default via fd00::1 dev 2 metric 7 proto 116, and delete, which names the default metric too", () => {
    const route = { destination: parsePrefix("::/0"), gateway: parseAddress("fd00::1"), link: 2 };
    const path = ["14000500", "fd000000", "00000000", "00000000", "00000001", "08000400", "02000000"];
    expect(bytesOf((batch) => encodeNewRoute(batch, { ...route, metric: 7 }))).toEqual([
      "18000106",
      ...["0a000000", "fe740001", "00000000", ...path],
      ...["08000600", "07000000"], // RTA_PRIORITY
    ]);
    expect(bytesOf((batch) => encodeNewRoute(batch, route)).slice(4)).toEqual(path);
    expect(bytesOf((batch) => encodeDeleteRoute(batch, route)).slice(4)).toEqual([...path, "08000600", "00040000"]);
  });

  test("ip route add 10.0.0.0/8 dev 2 proto 116", () => {
    const route = { destination: parsePrefix("10.0.0.0/8"), link: 2 };
    expect(bytesOf((batch) => encodeNewRoute(batch, route))).toEqual([
      "18000106",
      ...["02080000", "fe74fd01", "00000000"], // scope link
      ...["08000100", "0a000000"], // RTA_DST
      ...["08000400", "02000000"],
    ]);
  });
});

describe("round trips", () => {
  const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`);
  const ipv6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`);
  const prefix = fc.oneof(ipv4, ipv6).map(parsePrefix);
  const index = fc.integer({ min: 1, max: 0x7fffffff });
  const sent = (fill: (batch: MessageBatch) => void) => {
    const batch = new MessageBatch();
    fill(batch);
    const [message] = decodeMessages(batch.encode());
    if (message === undefined) throw new Error("nothing was encoded");
    return message;
  };

  test("text of prefixes", () => {
    fc.assert(fc.property(prefix, (value) => expect(parsePrefix(formatPrefix(value))).toEqual(value)));
  });

  test("addresses", () => {
    fc.assert(
      fc.property(prefix, index, (value, link) => {
        const message = sent((batch) => encodeNewAddress(batch, link, value));
        expect(decodeAddress(message)).toEqual({ ...value, link, scope: 0, own: true });
      }),
    );
  });

  test("routes", () => {
    fc.assert(
      fc.property(prefix, index, fc.boolean(), fc.nat({ max: 1023 }), (value, link, direct, metric) => {
        const any = Buffer.alloc(value.bytes.length);
        const destination = value.length === 0 ? { ...value, bytes: any } : value;
        const route = {
          destination,
          link,
          ...(direct ? {} : { gateway: value.bytes }),
          ...(metric === 0 ? {} : { metric }),
        };
        expect(decodeRoute(sent((batch) => encodeNewRoute(batch, route)))).toEqual(route);
      }),
    );
  });

  test("links", () => {
    const link = {
      ...({ kind: "link", type: "veth", name: "veth0123456789a" } as const),
      ...{ mac: "02:42:ab:cd:ef:01", mtu: 9000, peer: { name: "eth0" } },
    };
    const decoded = decodeLink(sent((batch) => encodeNewLink(batch, link, { master: 3 })));
    expect(decoded?.data?.all().map(([type]) => type)).toEqual([1]);
    expect(decoded).toMatchObject({
      ...{ index: 0, name: link.name, up: true, arp: false, loopback: false },
      ...{ mac: link.mac, mtu: 9000, kind: "veth", master: 3 },
    });
  });
});

test.each([
  "",
  "10.0.0.1",
  "10.0.0.1/33",
  "10.0.0/8",
  "010.0.0.1/8",
  "fd00::/129",
  "fe80::1%eth0/64",
  "a/8",
  "10.0.0.1/",
  "10.0.0.1/+8",
])("%j is no address with a prefix length", (text) => {
  expect(() => parsePrefix(text)).toThrow(
    expect.objectContaining({ kind: "invalid-input", code: "TSD_ADDRESS_INVALID" }),
  );
});

test("resources are described in the words of iproute2", async () => {
  const resources = [
    { kind: "link", type: "bridge", name: "br0", mac: "02:00:00:00:00:01", mtu: 1400 },
    { kind: "address", link: "br0", address: "10.10.10.1/24" },
    {
      ...{ kind: "link", type: "veth", name: "v0", master: "br0" },
      peer: { netns: "/run/n/a", name: "eth0", mac: "02:00:00:00:00:02" },
    },
    { kind: "link", type: "veth", name: "v1", master: "br0", hairpin: true, isolated: true, peer: { name: "v2" } },
    { kind: "address", netns: "/run/n/a", link: "eth0", address: "fd00::2/64" },
    { kind: "route", netns: "/run/n/a", destination: "::/0", gateway: "fd00::1", link: "eth0" },
    { kind: "route", destination: "10.0.0.0/8", link: "br0", metric: 7 },
    { kind: "link", type: "loopback", name: "lo", netns: "/run/n/a" },
  ] as const satisfies readonly Resource[];
  expect(await new RtnetlinkProvider().describe("ensure", resources)).toEqual([
    "ip link add br0 up address 02:00:00:00:00:01 type bridge forward_delay 0 stp_state 0 mcast_snooping 0 no_linklocal_learn 1 fdb_max_learned 4096",
    "ip link set br0 mtu 1400",
    "ip address add 10.10.10.1/24 dev br0",
    "ip link add v0 up arp off master br0 numtxqueues 1 numrxqueues 1 type veth peer name eth0 address 02:00:00:00:00:02 netns /run/n/a numtxqueues 1 numrxqueues 1",
    "bridge fdb replace 02:00:00:00:00:02 dev v0 master static sticky",
    "tc qdisc add dev v0 clsact",
    'tc filter replace dev v0 ingress pref 1 handle 0x747364 protocol all bpf direct-action bytecode "24,32 0 0 0,21 0 2 25215488,40 0 0 4,69 0 19 65520,32 0 0 4294963200,21 4 0 2048,21 1 0 33024,21 0 6 34984,32 0 0 4294963244,69 4 13 4095,48 0 0 26,21 11 0 127,48 0 0 30,21 9 0 127,32 0 0 4294963200,21 0 6 34525,32 0 0 22,21 0 4 0,32 0 0 26,21 0 2 0,32 0 0 30,21 1 0 65535,6 0 0 4294967295,6 0 0 2"',
    "sysctl -w net/ipv6/conf/v0/accept_ra=0",
    "sysctl -w net/ipv6/conf/v0/disable_ipv6=1",
    "sysctl -w net/ipv4/conf/v0/rp_filter=1",
    "nsenter --net=/run/n/a ip link set eth0 up",
    "ip link add v1 up arp off master br0 numtxqueues 1 numrxqueues 1 type veth peer name v2 numtxqueues 1 numrxqueues 1",
    "ip link set v1 type bridge_slave hairpin on isolated on",
    "tc qdisc add dev v1 clsact",
    'tc filter replace dev v1 ingress pref 1 handle 0x747364 protocol all bpf direct-action bytecode "24,32 0 0 0,21 0 2 25215488,40 0 0 4,69 0 19 65520,32 0 0 4294963200,21 4 0 2048,21 1 0 33024,21 0 6 34984,32 0 0 4294963244,69 4 13 4095,48 0 0 26,21 11 0 127,48 0 0 30,21 9 0 127,32 0 0 4294963200,21 0 6 34525,32 0 0 22,21 0 4 0,32 0 0 26,21 0 2 0,32 0 0 30,21 1 0 65535,6 0 0 4294967295,6 0 0 2"',
    "sysctl -w net/ipv6/conf/v1/accept_ra=0",
    "sysctl -w net/ipv6/conf/v1/disable_ipv6=1",
    "sysctl -w net/ipv4/conf/v1/rp_filter=1",
    "ip link set v2 up",
    "nsenter --net=/run/n/a ip address add fd00::2/64 dev eth0 nodad",
    "nsenter --net=/run/n/a ip -6 route add ::/0 via fd00::1 dev eth0 proto 116",
    "ip route add 10.0.0.0/8 dev br0 metric 7 proto 116",
    "nsenter --net=/run/n/a ip link set lo up",
  ]);
});
