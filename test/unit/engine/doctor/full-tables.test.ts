import { describe, expect, test } from "@jest/globals";
import { fullConntrack, fullNeighbours } from "../../../../src/engine/doctor/full-tables.js";

/** A host with these parameters, and with these counts of one table. */
const host = (
  parameters: Readonly<Record<string, string>>,
  counted: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
) => ({ parameter: (key: string) => parameters[key], tableStatistics: (table: string) => counted[table] });

describe("the table of connections", () => {
  const at = (count: number, max: number, drop = 0) =>
    fullConntrack(
      host(
        { "net/netfilter/nf_conntrack_count": `${count}`, "net/netfilter/nf_conntrack_max": `${max}` },
        { nf_conntrack: { entries: count, drop } },
      ),
    );

  test.each([
    [899, 1000],
    [0, 0],
  ])("%i of %i is no finding", (count, max) => expect(at(count, max)).toEqual([]));

  test("nearly full is one, with the cure", () => {
    expect(at(900, 1000, 7)).toEqual([
      {
        problem: expect.stringMatching(/tracks 900 connections of 1000/),
        remedy: expect.stringContaining("nf_conntrack_max=2000"),
      },
    ]);
  });

  test("that was full is noted", () => {
    expect(at(10, 1000, 7)).toEqual([
      {
        problem: expect.stringMatching(/has dropped 7 packets .* now it has 10$/),
        remedy: expect.stringContaining("nf_conntrack_max=2000"),
        harmless: true,
      },
    ]);
  });

  test("that is not there is none", () => expect(fullConntrack(host({}))).toEqual([]));
});

describe("the table of neighbours", () => {
  const thresholds = { "net/ipv4/neigh/default/gc_thresh3": "1024", "net/ipv6/neigh/default/gc_thresh3": "512" };
  const at = (arp: Readonly<Record<string, number>>, ndisc: Readonly<Record<string, number>> = {}) =>
    fullNeighbours(host(thresholds, { arp_cache: arp, ndisc_cache: ndisc }));

  test("with room is no finding", () => expect(at({ entries: 921, table_fulls: 0 })).toEqual([]));

  test("that the kernel does not show is none", () => expect(fullNeighbours(host(thresholds))).toEqual([]));

  test("nearly full is one, for each family", () => {
    expect(at({ entries: 922, table_fulls: 9 }, { entries: 512, table_fulls: 0 })).toEqual([
      {
        problem: expect.stringMatching(/remembers 922 IPv4 neighbours of 1024/),
        remedy: expect.stringContaining("net.ipv4.neigh.default.gc_thresh3=8192"),
      },
      {
        problem: expect.stringMatching(/remembers 512 IPv6 neighbours of 512/),
        remedy: expect.stringContaining("net.ipv6.neigh.default.gc_thresh3=4096"),
      },
    ]);
  });

  test("that was full is noted", () => {
    expect(at({ entries: 3, table_fulls: 9 })).toEqual([
      {
        problem: expect.stringMatching(/1024 IPv4 neighbours full 9 times .* now it has 3$/),
        remedy: expect.stringContaining("net.ipv4.neigh.default.gc_thresh3=8192"),
        harmless: true,
      },
    ]);
  });
});
