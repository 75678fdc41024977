import { kernelError } from "../errno.js";
import { Attributes } from "../netlink/attributes.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { type NetlinkFailure, NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_NETFILTER, NFGENMSG_LENGTH, nftMessageType } from "../netlink/protocol.js";
import {
  type Expression,
  NFGENMSG,
  NFT_MSG_GETRULE,
  NFTA_TABLE_NAME,
  TABLE,
  writeData,
  writeTable,
} from "./nft-messages.js";
import type { Redirect, Redirected } from "./redirect.js";

/** NFT_REG_1 of <linux/netfilter/nf_tables.h>. */
const REGISTER = 1;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
/** In the header of IPv4: bytes. */
const SOURCE_AT = 12;
const DESTINATION_AT = 16;
/** In the headers of UDP and TCP: bytes. */
const SOURCE_PORT_AT = 0;
const DESTINATION_PORT_AT = 2;
const CHECKSUM_AT: Readonly<Record<number, number>> = { [IPPROTO_UDP]: 6, [IPPROTO_TCP]: 16 };

const NFT_PAYLOAD_NETWORK_HEADER = 1;
const NFT_PAYLOAD_TRANSPORT_HEADER = 2;
const NFT_PAYLOAD_CSUM_INET = 1;
const NFT_CMP_EQ = 0;
const NFT_META_L4PROTO = 16;

/** There and back, of each protocol. */
const RULES = 4;

/**
 * By rules that rewrite ports and remember nothing: a connection that is tracked takes a place in a table that a container could
 * fill. A namespace whose programs track connections by rules of their own tracks none of these.
 */
export const nftRedirect: Redirect = {
  install(redirected) {
    const [failure] = attempt(redirected, [notrack]);
    if (failure === undefined) return;
    // A kernel without tracking has no word for not tracking.
    const [other] = attempt(redirected, []);
    if (other !== undefined) throw kernelError({ operation: "make nftables table", object: TABLE, ...other });
  },

  isInstalled() {
    using socket = new NetlinkSocket(NETLINK_NETFILTER);
    const batch = new MessageBatch();
    batch.begin(nftMessageType(NFT_MSG_GETRULE), 0, NFGENMSG).string(NFTA_TABLE_NAME, TABLE);
    // Some kernels reply with the rules of all tables.
    const rules = socket
      .dump(batch, `rules of table ${TABLE}`)
      .filter(({ payload }) => Attributes.decode(payload, NFGENMSG_LENGTH).string(NFTA_TABLE_NAME) === TABLE);
    return rules.length === RULES;
  },
};

function attempt({ address, from, to }: Redirected, untracked: readonly Expression[]): readonly NetlinkFailure[] {
  using socket = new NetlinkSocket(NETLINK_NETFILTER);
  const rules = (
    [
      [IPPROTO_UDP, to.udp],
      [IPPROTO_TCP, to.tcp],
    ] as const
  ).flatMap(([protocol, port]) => [
    [
      ...isAbout(address, protocol, { addressAt: DESTINATION_AT, portAt: DESTINATION_PORT_AT, port: from }),
      ...untracked,
      ...setPort(protocol, DESTINATION_PORT_AT, port),
    ],
    [
      ...isAbout(address, protocol, { addressAt: SOURCE_AT, portAt: SOURCE_PORT_AT, port }),
      ...untracked,
      ...setPort(protocol, SOURCE_PORT_AT, from),
    ],
  ]);
  const batch = new MessageBatch();
  writeTable(batch, rules);
  return socket.exchange(batch, { what: () => `lead port ${from} to ${to.udp} of UDP and ${to.tcp} of TCP` }).failures;
}

const notrack: Expression = ["notrack", () => undefined];

function isAbout(
  address: Uint8Array,
  protocol: number,
  { addressAt, portAt, port }: { readonly addressAt: number; readonly portAt: number; readonly port: number },
): readonly Expression[] {
  return [
    load(NFT_PAYLOAD_NETWORK_HEADER, addressAt, address.length),
    equals(address),
    ["meta", (batch) => batch.u32be(1, REGISTER).u32be(2, NFT_META_L4PROTO)],
    equals(Uint8Array.of(protocol)),
    load(NFT_PAYLOAD_TRANSPORT_HEADER, portAt, 2),
    equals(portBytes(port)),
  ];
}

/** `enum nft_payload_attributes`: DREG, BASE, OFFSET, LEN, SREG, CSUM_TYPE, CSUM_OFFSET. */
function load(base: number, offset: number, length: number): Expression {
  return ["payload", (batch) => batch.u32be(1, REGISTER).u32be(2, base).u32be(3, offset).u32be(4, length)];
}

/** `enum nft_cmp_attributes`: SREG, OP, DATA. */
function equals(value: Uint8Array): Expression {
  return ["cmp", (batch) => writeData(batch.u32be(1, REGISTER).u32be(2, NFT_CMP_EQ), 3, value)];
}

/** `enum nft_immediate_attributes`: DREG, DATA. The kernel corrects the checksum. */
function setPort(protocol: number, offset: number, port: number): readonly Expression[] {
  return [
    ["immediate", (batch) => writeData(batch.u32be(1, REGISTER), 2, portBytes(port))],
    [
      "payload",
      (batch) =>
        batch
          .u32be(2, NFT_PAYLOAD_TRANSPORT_HEADER)
          .u32be(3, offset)
          .u32be(4, 2)
          .u32be(5, REGISTER)
          .u32be(6, NFT_PAYLOAD_CSUM_INET)
          .u32be(7, CHECKSUM_AT[protocol] ?? 0)
          .u32be(8, 0),
    ],
  ];
}

function portBytes(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port & 0xff);
}
