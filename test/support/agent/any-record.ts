import fc from "fast-check";
import { endpointId, keyOf, keys, networkId } from "./networks.js";

const macs = fc.constantFrom(
  "02:00:00:00:00:01",
  "02:00:00:00:11:11",
  "02:00:00:00:00:02",
  "02:00:00:00:00:03",
  "ff:ff:ff:ff:ff:ff",
  "x",
);
const hosts = fc.constantFrom("h1", "h2", "h3", "h\n4", "");
const addresses = fc.constantFrom(
  "192.0.2.1",
  "192.0.2.2",
  "192.0.2.3",
  "10.5.0.2",
  "10.5.2.2",
  "10.5.2.3",
  "10.5.3.9",
  "fd05::2:5",
  "0.0.0.0",
  "x",
);
const cidrs = fc.constantFrom(
  "10.5.0.0/26",
  "10.5.2.0/26",
  "10.5.2.64/26",
  "10.5.0.0/16",
  "0.0.0.0/0",
  "fd05::/112",
  "fd05::2:0/112",
  "::/0",
  "x",
);
const epochs = fc.constantFrom("epoch-of-h2", "epoch-of-h3", "old");
const junk = fc.oneof(fc.jsonValue(), fc.string());
/** One record below the places of a network: of any host, about anything, or junk. */
export const anyRecord = fc.oneof(
  fc.tuple(
    hosts.map(keys.host.bind(keys)),
    fc.oneof(
      junk,
      fc.record({ address: addresses, epoch: epochs, joined: fc.constant("2026-01-01"), version: fc.constant("1") }),
    ),
  ),
  fc.tuple(
    hosts.map((host) => keys.member(networkId, host)),
    fc.oneof(junk, fc.record({ address: addresses, epoch: epochs, mac: macs, isUsed: fc.boolean() })),
  ),
  fc.tuple(
    cidrs.map((cidr) => keys.block(networkId, cidr)),
    fc.oneof(junk, hosts),
  ),
  fc.tuple(
    fc.constantFrom("1", "a", "b", "c").map((digit) => keys.endpoint(networkId, endpointId(digit))),
    fc.oneof(
      junk,
      fc.record({
        host: hosts,
        mac: macs,
        addresses: fc.array(addresses, { maxLength: 3 }),
        names: fc.array(fc.string(), { maxLength: 3 }),
      }),
    ),
  ),
  fc.tuple(
    addresses.map((one) => keys.held(networkId, one)),
    fc.oneof(junk, hosts),
  ),
);

const few = fc.constantFrom(2, 3, 4);
const fewHosts = few.map((number) => `h${number}`);
const fewMacs = fc.constantFrom("02:00:00:00:00:03", "02:00:00:00:00:04", "02:42:00:00:00:01", "02:42:00:00:00:02");
const fewKeys = fc.option(fc.constantFrom("a", "b", "c").map(keyOf), { nil: undefined });
const fewAddresses = fc.constantFrom("10.5.2.3", "10.5.2.0", "10.5.3.9", "10.5.4.5", "fd05::2:5");

/** One of few hosts and addresses, which is in its form and so often agrees with another, or contradicts it. */
export const likelyRecord = fc.oneof(
  fc.tuple(few, few).map(([number, other]): readonly [string, unknown] => {
    const host = { epoch: `epoch-of-h${number}`, joined: "2026-01-01", version: "1" };
    return [keys.host(`h${number}`), { ...host, address: `192.0.2.${other}` }];
  }),
  fc.tuple(few, few, fewMacs, fewKeys).map(([number, other, mac, publicKey]): readonly [string, unknown] => {
    const member = { epoch: `epoch-of-h${number}`, address: `192.0.2.${other}`, isUsed: true };
    const wireguard = publicKey === undefined ? {} : { wireguard: { publicKey, port: 51_820 } };
    return [keys.member(networkId, `h${number}`), { ...member, mac, ...wireguard }];
  }),
  fc.tuple(
    fc
      .constantFrom("10.5.2.0/26", "10.5.3.0/26", "10.5.4.0/26", "fd05::2:0/112")
      .map((cidr) => keys.block(networkId, cidr)),
    fewHosts,
  ),
  fc.tuple(
    fc.constantFrom("a", "b", "c").map((digit) => keys.endpoint(networkId, endpointId(digit))),
    fc.record({
      host: fewHosts,
      mac: fewMacs,
      addresses: fc.uniqueArray(fewAddresses, { maxLength: 2 }),
      names: fc.constant([]),
    }),
  ),
  fc.tuple(
    fewAddresses.map((one) => keys.held(networkId, one)),
    fewHosts,
  ),
);

/** What this host may have itself. */
export const anyEndpoints = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom("1", "a", "b").map(endpointId),
    mac: fc.constantFrom("02:00:00:00:11:11", "02:00:00:00:00:03"),
    addresses: fc.subarray(["10.5.0.2", "10.5.2.3", "10.5.3.9"]),
    names: fc.constant([]),
  }),
  { selector: ({ id }) => id, maxLength: 2 },
);
