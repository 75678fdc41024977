import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { addressBits, formatAddress, parseAddress } from "../../../src/ipam/address.js";
import { cidrAround, contains, formatCidr, holds, overlaps, parseCidr } from "../../../src/ipam/cidr.js";
import { failureOf } from "../store/support/temporary-store.js";

const families = fc.constantFrom<4 | 6>(4, 6);
/** Anywhere, or with its upper half alone, where IPv6 has its runs of zeros. */
const addresses = families.chain((family) =>
  fc
    .tuple(fc.bigInt({ min: 1n, max: 2n ** BigInt(addressBits[family]) - 1n }), fc.boolean())
    .map(([value, isRound]) => ({ family, value: isRound ? (value >> 64n) << 64n : value }))
    // The IPv4-mapped ones are refused on purpose.
    .filter((address) => address.family === 4 || address.value >> 32n !== 0xffffn),
);
const cidrs = addresses.chain((address) =>
  fc.integer({ min: 0, max: addressBits[address.family] }).map((prefix) => ({ address, prefix })),
);

/** The address as a string of its bits, which is another way to do the arithmetic. */
function bits({ family, value }: { readonly family: 4 | 6; readonly value: bigint }): string {
  return value.toString(2).padStart(addressBits[family], "0");
}

describe("addresses", () => {
  test("come back from their text as they went in", () => {
    fc.assert(fc.property(addresses, (address) => expect(parseAddress(formatAddress(address), "x")).toEqual(address)));
  });

  test.each([
    ["10.10.10.1", "10.10.10.1"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["FD00:0:0:0:0:0:0:01", "fd00::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
  ])("%s is written %s (RFC 5952)", (text, expected) => {
    expect(formatAddress(parseAddress(text, "address"))).toBe(expected);
  });

  test.each([
    ["", '"" is not an IP address'],
    ["10.1", '"10.1" is not four numbers from 0 to 255'],
    ["10", '"10" is not four numbers from 0 to 255'],
    ["1.2.3.256", '"1.2.3.256" is not four numbers from 0 to 255'],
    ["1.2.3.4.5", '"1.2.3.4.5" is not four numbers from 0 to 255'],
    ["010.0.0.1", '"010.0.0.1" has leading zeros, which can mean octal'],
    ["10.0.0.00", '"10.0.0.00" has leading zeros, which can mean octal'],
    ["0x0a.0.0.1", '"0x0a.0.0.1" is not an IP address'],
    [" 10.0.0.1", '" 10.0.0.1" is not an IP address'],
    ["10.0.0.1\n", '"10.0.0.1\n" is not an IP address'],
    ["::ffff:1.2.3.4", '"::ffff:1.2.3.4" is an IPv4-mapped address, in place of 1.2.3.4'],
    ["::ffff:102:304", '"::ffff:102:304" is an IPv4-mapped address, in place of 1.2.3.4'],
    ["fe80::1%eth0", '"fe80::1%eth0" has a zone'],
    ["1::2::3", '"1::2::3" is not an IP address'],
    ["eth0", '"eth0" is not an IP address'],
  ])("%j is refused", (text, why) => {
    expect(failureOf(() => parseAddress(text, "gateway"))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_ADDRESS_INVALID",
      message: `gateway "${text}" is not usable: ${why}`,
    });
  });
});

describe("subnets", () => {
  test("hold exactly the addresses that share their first bits", () => {
    fc.assert(
      fc.property(cidrs, addresses, ({ address, prefix }, other) => {
        const cidr = cidrAround(address, prefix);
        const shares = (value: typeof address): boolean =>
          value.family === address.family && bits(value).startsWith(bits(address).slice(0, prefix));
        expect(holds(cidr, address)).toBe(true);
        expect(holds(cidr, other)).toBe(shares(other));
        expect(bits({ family: cidr.family, value: cidr.first })).toBe(
          bits(address).slice(0, prefix).padEnd(addressBits[address.family], "0"),
        );
        expect(bits({ family: cidr.family, value: cidr.last })).toBe(
          bits(address).slice(0, prefix).padEnd(addressBits[address.family], "1"),
        );
      }),
    );
  });

  test("overlap exactly if one contains the other, and contain what their bits begin", () => {
    const small = fc
      .tuple(fc.bigInt({ min: 0n, max: 255n }), fc.integer({ min: 24, max: 32 }))
      .map(([value, prefix]) => cidrAround({ family: 4, value }, prefix));
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
        const begins = bits({ family: 4, value: b.first }).startsWith(
          bits({ family: 4, value: a.first }).slice(0, a.prefix),
        );
        expect(contains(a, b)).toBe(a.prefix <= b.prefix && begins);
      }),
    );
    const all = (family: 4 | 6) => cidrAround({ family, value: 0n }, 0);
    expect(overlaps(all(4), all(6))).toBe(false);
    expect(contains(all(6), all(4))).toBe(false);
  });

  test("come back from their text, with the address they were written with", () => {
    fc.assert(
      fc.property(cidrs, ({ address, prefix }) => {
        const cidr = cidrAround(address, prefix);
        expect(parseCidr(`${formatAddress(address)}/${prefix}`, "x")).toEqual({ cidr, address });
        // Its first address may be an IPv4-mapped one, which cannot be read back.
        if (cidr.first !== 0n && cidr.first >> 32n !== 0xffffn)
          expect(parseCidr(formatCidr(cidr), "x").cidr).toEqual(cidr);
      }),
    );
  });

  test.each([
    ["10.1/16", '"10.1" is not four numbers from 0 to 255'],
    ["010.0.0.1/8", '"010.0.0.1" has leading zeros, which can mean octal'],
    ["1.2.3.4/33", '"33" is not a prefix length from 0 to 32'],
    ["fd00::/129", '"129" is not a prefix length from 0 to 128'],
    ["1.2.3.4/08", '"08" is not a prefix length from 0 to 32'],
    ["1.2.3.4/", '"" is not a prefix length from 0 to 32'],
    ["1.2.3.4/-1", '"-1" is not a prefix length from 0 to 32'],
    ["1.2.3.4/255.0.0.0", '"255.0.0.0" is not a prefix length from 0 to 32'],
    ["1.2.3.4", "it has no prefix length"],
    ["1.2.3.4/8/8", "it has more than one slash"],
    ["::ffff:1.2.3.0/120", '"::ffff:1.2.3.0" is an IPv4-mapped address, in place of 1.2.3.0'],
    ["", '"" is not an IP address'],
  ])("%j is refused", (text, why) => {
    expect(failureOf(() => parseCidr(text, "subnet"))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_SUBNET_INVALID",
      message: `subnet "${text}" is not usable: ${why}`,
    });
  });
});
