import { expect, test } from "@jest/globals";
import type { LinkKind } from "../../../../../src/api/index.js";
import { ipvlan } from "../../../../../src/extensions/ipvlan/ipvlan-link.js";
import { dummy } from "../../../../../src/extensions/lan/dummy-link.js";
import { vlan } from "../../../../../src/extensions/lan/vlan-link.js";
import { macvlan } from "../../../../../src/extensions/macvlan/macvlan-link.js";
import { Attributes } from "../../../../../src/kernel/netlink/attributes.js";
import { MessageBatch } from "../../../../../src/kernel/netlink/message-batch.js";
import { hasAttributes } from "../../../../../src/kernel/rtnetlink/link-kinds/link-attribute.js";
import type { VirtualLink } from "../../../../../src/kernel/rtnetlink/link-kinds/link-kind.js";
import { encodeNamedLink, encodePassingLink } from "../../../../../src/kernel/rtnetlink/links/link-request.js";
import { RtnetlinkProvider } from "../../../../../src/kernel/rtnetlink/rtnetlink-provider.js";

const brought: readonly LinkKind[] = [macvlan, ipvlan, vlan, dummy];
const kinds = (type: string): LinkKind | undefined => brought.find((kind) => kind.type === type);

/** What comes after sequence and port number, in words of four bytes. */
function wordsOf(fill: (batch: MessageBatch) => void): readonly string[] {
  const batch = new MessageBatch();
  fill(batch);
  const words = batch.encode().toString("hex").match(/.{8}/g) ?? [];
  return [words[1] ?? "", ...words.slice(4)];
}

const common = { kind: "link", name: "eth0", parent: "up0", mac: "02:00:00:00:00:05", mtu: 1400 } as const;

/** IFLA_INFO_KIND, with its NUL, and IFLA_INFO_DATA, as `ip link add` of iproute2 6.1 sends it, read by strace. */
const asSentByIp: readonly (readonly [words: string, link: VirtualLink, info: readonly string[]])[] = [
  [
    "macvlan mode vepa",
    { ...common, type: "macvlan", mode: "vepa" },
    ["1c001200", ...["0c000100", "6d616376", "6c616e00"], "0c000200", ...["08000100", "02000000"]],
  ],
  [
    "ipvlan mode l3s private",
    { ...common, type: "ipvlan", mode: "l3s", flag: "private" },
    [
      ...["24001200", "0b000100", "6970766c", "616e0000", "14000200"],
      ...["06000100", "02000000", "06000200", "01000000"],
    ],
  ],
  [
    "vlan protocol 802.1Q id 20",
    { ...common, type: "vlan", id: 20 },
    [
      ...["24001200", "09000100", "766c616e", "00000000", "14000200"],
      ...["06000100", "14000000", "06000500", "81000000"],
    ],
  ],
];

test.each(asSentByIp)("ip link add link up0 name tsd0123 netns 9 address … mtu 1400 type %s", (words, link, info) => {
  const context = { passingName: "tsd0123", parent: 3, netns: 9, kinds };
  expect(wordsOf((batch) => encodePassingLink(batch, link, context))).toEqual([
    "10000106", // RTM_NEWLINK, CREATE | EXCL
    ...["00000000", "00000000", "00000000", "00000000"], // ifinfomsg: not up
    ...["0c000300", "74736430", "31323300"], // IFLA_IFNAME "tsd0123"
    ...["0a000100", "02000000", "00050000"], // IFLA_ADDRESS
    ...["08000400", "78050000"], // IFLA_MTU
    ...["08000500", "03000000"], // IFLA_LINK
    ...["08001c00", "09000000"], // IFLA_NET_NS_FD
    ...info,
  ]);
  expect([link.type, ...(kinds(link.type)?.words(link) ?? [])].join(" ")).toBe(words);
});

test("ip link set dev 5 name eth0 alias mark up; … and arp off master 7 for a port, which is not up yet", () => {
  const name = { index: 5, name: "eth0", mark: "mark", up: true };
  const named = ["09000300", "65746830", "00000000", "09001400", "6d61726b", "00000000"];
  expect(wordsOf((batch) => encodeNamedLink(batch, { ...name, master: undefined }))).toEqual([
    ...["10000100", "00000000", "05000000", "01000000", "01000000"],
    ...named,
  ]);
  expect(wordsOf((batch) => encodeNamedLink(batch, { ...name, master: 7 }))).toEqual([
    ...["10000100", "00000000", "05000000", "80000000", "80000000"],
    ...named,
    ...["08000a00", "07000000"],
  ]);
});

test("what the kernel says of a link is compared by number, in any order, and what it leaves out is passed over", () => {
  const batch = new MessageBatch().begin(0, 0, new Uint8Array());
  batch
    .u16(9, 1)
    .nested(2, () => batch.u8(1, 4))
    .u32(1, 4);
  const found = Attributes.decode(batch.encode(), 16);
  expect(
    hasAttributes(found, [
      { type: 1, u32: 4 },
      { type: 2, nested: [{ type: 1, u8: 4 }] },
    ]),
  ).toBe(true);
  expect(hasAttributes(found, [{ type: 3, u32: 4 }])).toBe(true);
  expect(hasAttributes(found, [{ type: 1, u32: 5 }])).toBe(false);
  expect(hasAttributes(found, [{ type: 2, nested: [{ type: 1, u8: 5 }] }])).toBe(false);
  expect(hasAttributes(found, [{ type: 9, bytes: Uint8Array.of(1, 0) }])).toBe(true);
});

test("links of extensions are described in the words of iproute2", async () => {
  const provider = new RtnetlinkProvider("tsd /r", kinds);
  const inside = {
    kind: "link",
    type: "macvlan",
    netns: "/run/n/a",
    name: "eth0",
    parent: "up0",
    mode: "bridge",
  } as const;
  const port = { kind: "link", type: "vlan", name: "up0.20", parent: "up0", id: 20, master: "br0" } as const;
  const lines = await provider.describe("ensure", [inside, port]);
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^ip link add link up0 name tsd[0-9a-f]{12} netns \/run\/n\/a type macvlan mode bridge$/),
    expect.stringMatching(/^nsenter --net=\/run\/n\/a ip link set tsd[0-9a-f]{12} name eth0 alias "tsd \/r" up$/),
    expect.stringMatching(/^ip link add link up0 name tsd[0-9a-f]{12} type vlan protocol 802.1Q id 20$/),
    expect.stringMatching(/^ip link set tsd[0-9a-f]{12} name up0.20 alias "tsd \/r" arp off master br0$/),
  ]);
  expect(lines.at(-1)).toBe("ip link set up0.20 up");
  await expect(new RtnetlinkProvider().describe("ensure", [inside])).rejects.toThrow(
    "no extension brings links of type macvlan, as eth0 is",
  );
  expect(await new RtnetlinkProvider().describe("remove", [inside])).toEqual([
    "nsenter --net=/run/n/a ip link delete eth0",
  ]);
});
