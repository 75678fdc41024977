import { expect, test } from "@jest/globals";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import type { NetworkSpecOfCluster } from "../../../src/cluster/records/network-claims.js";
import { host, network, RecordsLab, race, type States, withoutReplies } from "./records-lab.js";

/** What ClusterRecords holds of networks, over every state. */
export function describeNetworkRecords(states: () => States): void {
  const lab = new RecordsLab(states);

  test("one of the networks that claim a name, a subnet or a VNI has it", async () => {
    const { of } = await lab.joined(2);
    const by = (at: number, spec: NetworkSpecOfCluster) => of(at).createNetwork(spec, host(at));
    const names = await race([0, 1].map((at) => by(at, network("web"))));
    expect([names.won.length, names.lost[0]]).toMatchObject([1, { code: "TSD_CLUSTER_NETWORK_TAKEN" }]);
    const other = (third: number) => [{ cidr: `10.6.${third}.0/24`, gateway: `10.6.${third}.1`, blockPrefix: 28 }];
    const around = [{ cidr: "10.6.0.0/20", gateway: "10.6.0.1", blockPrefix: 26 }];
    const subnets = await race([
      by(0, network("left", { subnets: other(3) })),
      by(1, network("right", { subnets: around })),
    ]);
    const [holder = ""] = [...(await of(0).read()).networks.keys()].filter((name) => name !== "web");
    expect([subnets.won.length, subnets.lost[0]]).toMatchObject([
      1,
      { code: "TSD_CLUSTER_SUBNET_TAKEN", details: { holder } },
    ]);
    const vnis = await race(
      [0, 1].map((at) =>
        by(
          at,
          network(`vni${at}`, {
            vni: 77,
            subnets: [{ cidr: `10.${7 + at}.0.0/16`, gateway: `10.${7 + at}.0.1`, blockPrefix: 26 }],
          }),
        ),
      ),
    );
    expect([vnis.won.length, vnis.lost[0]]).toMatchObject([1, { code: "TSD_CLUSTER_VNI_TAKEN", details: { vni: 77 } }]);
  });

  test("a network whose commit got no reply is its own", async () => {
    const { of, name } = await lab.joined(1);
    const [state] = lab.states();
    const forgetful = new ClusterRecords(withoutReplies(state), name);
    for (const [at, vni] of [undefined, 77].entries()) {
      const subnets = [{ cidr: `10.${at}.0.0/16`, gateway: `10.${at}.0.1`, blockPrefix: 26 }];
      const spec = network(`web${at}`, { subnets, ...(vni === undefined ? {} : { vni }) });
      const place = await forgetful.createNetwork(spec, host(0));
      expect(place.record).toEqual(await of(1).network(`web${at}`));
      expect([...(await of(1).readNetwork(spec.id)).blocks.keys()]).toEqual(place.blocks);
    }
  });

  test("each host that joins a network has a block of its own", async () => {
    const { of } = await lab.joined(12);
    const spec = network("web");
    const first = await of(0).createNetwork(spec, host(0));
    const places = await Promise.all(
      Array.from({ length: 11 }, (_, at) => of(at + 1).joinNetwork("web", host(at + 1))),
    );
    const blocks = [first, ...places].flatMap((place) => place.blocks);
    expect(new Set(blocks).size).toBe(12);
    const view = await of(1).readNetwork(spec.id);
    expect(new Map(blocks.map((block, at) => [block, `h${at}`]))).toEqual(
      new Map([...view.blocks].toSorted((a, b) => blocks.indexOf(a[0]) - blocks.indexOf(b[0]))),
    );
    expect(view.members.size).toBe(12);
    expect(view.members.get("h3")).toEqual({ address: "10.0.0.4", mac: host(3).mac, epoch: "epoch-3", isUsed: false });
    expect(await of(0).joinNetwork("web", host(3, { mac: "02:00:00:00:ff:ff" }))).toEqual(places[2]);
    const more = await of(3).claimBlock("web", host(3), "10.5.0.0/16");
    expect(more.blocks).toHaveLength(2);
    expect(more.blocks[0]).toBe(places[2]?.blocks[0]);
    expect(blocks).not.toContain(more.blocks[1]);
  });

  test("blocks are of both families, and end", async () => {
    const { of } = await lab.joined(5);
    const subnets = [
      { cidr: "10.5.0.0/24", gateway: "10.5.0.1", blockPrefix: 26 },
      { cidr: "fd00:5::/64", gateway: "fd00:5::1", blockPrefix: 112 },
    ];
    await of(0).createNetwork(network("web", { subnets }), host(0));
    const { won, lost } = await race([1, 2, 3, 4].map((at) => of(at).joinNetwork("web", host(at))));
    expect(won).toHaveLength(3);
    for (const { blocks } of won) expect(blocks.map((block) => block.slice(-3))).toEqual(["/26", "112"]);
    expect(lost).toMatchObject([
      { kind: "exhausted", code: "TSD_CLUSTER_BLOCKS_EXHAUSTED", details: { network: "web", holders: 4 } },
    ]);
  });

  test("an address outside of a host's blocks is one host's", async () => {
    const { of } = await lab.joined(3);
    const spec = network("web");
    const { blocks } = await of(0).createNetwork(spec, host(0));
    const held = { name: "web", id: spec.id, address: "10.5.200.9" };
    const { won, lost } = await race([0, 1, 2].map((at) => of(at).holdAddress(held, host(at))));
    expect(won).toHaveLength(1);
    const holder = (await of(0).readNetwork(spec.id)).held.get("10.5.200.9") ?? "";
    for (const error of lost) expect(error).toMatchObject({ code: "TSD_CLUSTER_ADDRESS_HELD", details: { holder } });
    const inBlock = { ...held, address: "10.5.0.70" };
    expect(blocks).toEqual(["10.5.0.64/26"]);
    await expect(of(1).holdAddress(inBlock, host(1))).rejects.toMatchObject({
      code: "TSD_CLUSTER_ADDRESS_HELD",
      details: { holder: "h0", block: "10.5.0.64/26" },
    });
    await of(1).holdAddress({ ...held, address: "10.5.0.130" }, host(1));
    expect(await of(2).joinNetwork("web", host(2))).toMatchObject({ blocks: ["10.5.0.128/26"], held: ["10.5.0.130"] });
    await of(2).releaseAddress({ ...held, address: "10.5.0.130" }, host(2), () => true);
    await of(1).releaseAddress({ ...held, address: "10.5.0.130" }, host(1), () => true);
    expect([...(await of(0).readNetwork(spec.id)).held.keys()]).toEqual(["10.5.200.9"]);
  });

  test("a network goes once no host uses it, and what hosts have of it goes with it", async () => {
    const { of, name } = await lab.joined(3);
    const spec = network("web");
    await of(0).createNetwork(spec, host(0, { isUsed: true }));
    await of(1).joinNetwork("web", host(1, { isUsed: true }));
    await of(2).joinNetwork("web", host(2));
    const refusal = { code: "TSD_CLUSTER_NETWORK_USED", details: { hosts: ["h1"] } };
    await expect(of(0).removeNetwork("web", host(0))).rejects.toMatchObject(refusal);
    await of(1).joinNetwork("web", host(1));
    await of(0).removeNetwork("web", host(0));
    const { records } = await lab.states()[0].read(`/tsd/${name}/`);
    expect(
      records.map(({ key }) => key.split("/")[3]).filter((part) => part?.startsWith("n") || part === "vnis"),
    ).toEqual([]);
    await expect(of(1).joinNetwork("web", host(1))).rejects.toMatchObject({ kind: "not-found" });
    await expect(of(1).removeNetwork("web", host(1))).rejects.toMatchObject({ code: "TSD_CLUSTER_NETWORK_NOT_FOUND" });
    expect(await of(1).network("web")).toBeUndefined();
  });

  test("a host that was replaced by one of its name gives nothing of that one back", async () => {
    const { of, name } = await lab.joined(1);
    const spec = network("web");
    await of(0).createNetwork(spec, host(0));
    await of(0).removeHost("h0", { force: true });
    const [old, next] = [host(0), host(0, { epoch: "next", isUsed: true })];
    await of(0).claimHost(next);
    await of(0).joinNetwork("web", next);
    const held = { name: "web", id: spec.id, address: "10.5.200.9" };
    await of(0).holdAddress(held, next);
    const { records } = await lab.states()[0].read(`/tsd/${name}/`);
    await of(1).releaseAddress(held, old, () => true);
    await of(1).leaveNetwork(spec.id, old);
    await of(1).removeNetwork("web", old);
    expect((await lab.states()[0].read(`/tsd/${name}/`)).records).toEqual(records);
    // Nor is it one's own use of a network that keeps another from removing it.
    await of(0).removeNetwork("web", next);
    expect(await of(0).network("web")).toBeUndefined();
  });

  test("what a host has in the directory of networks is read with the rest, and goes with the host and with the network", async () => {
    const { of, name } = await lab.joined(2);
    const directories = await Promise.all(
      ["web", "back"].map(async (called, at) => {
        const subnets = [{ cidr: `10.6${at}.0.0/16`, gateway: `10.6${at}.0.1`, blockPrefix: 26 }];
        const spec = network(called, { subnets });
        await of(0).createNetwork(spec, host(0));
        await of(1).joinNetwork(called, host(1));
        for (const holder of ["h0", "h1"]) {
          const record = { host: holder, mac: "02:00:00:00:00:09", addresses: [], names: ["Db", "x"] };
          for (const key of ["endpoints", "names/db", "names/x"])
            await lab.put(
              `/tsd/${name}/directory/${spec.id}/${key}/${holder}/${"ab".repeat(32)}`,
              JSON.stringify(record),
            );
        }
        return spec.id;
      }),
    );
    const left = async () =>
      (await lab.keys(`/tsd/${name}/directory/`)).map((key) => key.replace(/.*directory\//, "").slice(64, -65));
    const [web = ""] = directories;
    expect(await of(0).readNetwork(web)).toMatchObject({ more: 0, unreadable: [] });
    expect((await of(0).readNetwork(web)).endpoints).toMatchObject([{ host: "h0" }, { host: "h1" }]);
    await of(0).leaveNetwork(web, host(0));
    expect((await left()).filter((key) => key.endsWith("h0"))).toHaveLength(3);
    await of(1).removeHost("h0", { force: true });
    expect(new Set((await left()).map((key) => key.slice(-2)))).toEqual(new Set(["h1"]));
    await of(1).removeNetwork("web", host(1));
    expect(await left()).toHaveLength(3);
  });

  test("what another program wrote is named, and hides nothing", async () => {
    const { of, name } = await lab.joined(2);
    const spec = network("web");
    await of(0).createNetwork(spec, host(0));
    const contents = `network/${spec.id}`;
    const record = await of(1).network("web");
    const badDns = [
      { dns: "192.0.2.53" },
      { dns: ["192.0.2.53 192.0.2.54"] },
      { dns: ["fe80::1%eth0"] },
      { dns: ["\nnameserver 192.0.2.53"] },
      { dns: ["192.0.2.53"], disableDns: true },
      { disableDns: "no" },
    ];
    const junk = {
      "hosts/junk": "{",
      "hosts/h0/more": "{}",
      "networks/junk": JSON.stringify({ id: "short" }),
      ...Object.fromEntries(badDns.map((dns, at) => [`networks/dns${at}`, JSON.stringify({ ...record, ...dns })])),
      "unknown/of/tsd": "",
      [`${contents}/members/h1`]: JSON.stringify({
        address: "10.0.0.2",
        mac: "ff:ff:ff:ff:ff:ff",
        epoch: "e",
        isUsed: true,
      }),
      [`${contents}/blocks/0.0.0.0_0`]: '"h1"',
      [`${contents}/blocks/10.5.0.65_26`]: '"h1"',
      [`${contents}/held/010.5.0.1`]: '"h1"',
      [`${contents}/held/10.5.9.9`]: '"h1; rm"',
      [`${contents}/endpoints/abc`]: "{}",
      [`directory/${spec.id}/endpoints/h1/abc`]: "{}",
      [`directory/${spec.id}/endpoints/h1/${"ab".repeat(32)}`]: JSON.stringify({
        host: "h0",
        mac: "02:00:00:00:00:09",
        addresses: [],
        names: [],
      }),
      [`${contents}/members/h0\u001b[2J`]: "{}",
    };
    for (const [key, value] of Object.entries(junk)) await lab.put(`/tsd/${name}/${key}`, value);
    const read = await of(1).read();
    expect([...read.hosts.keys(), ...read.networks.keys()]).toEqual(["h0", "h1", "web"]);
    expect(read.unreadable).toHaveLength(3 + badDns.length);
    const view = await of(1).readNetwork(spec.id, ["10.5.0.0/16"]);
    expect([...view.members.keys(), ...view.blocks.values()]).toEqual(["h0", "h0"]);
    expect(view.unreadable).toHaveLength(9);
    for (const error of [...read.unreadable, ...view.unreadable]) {
      expect(error).toMatchObject({ code: "TSD_CLUSTER_RECORD_FOREIGN", hint: expect.stringContaining("etcdctl del") });
      expect(error.message).not.toMatch(/\p{Cc}/u);
    }
    await expect(of(0).network("junk")).rejects.toMatchObject({ code: "TSD_CLUSTER_RECORD_FOREIGN" });
  });
}
