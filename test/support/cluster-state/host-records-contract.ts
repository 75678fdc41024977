import { expect, test } from "@jest/globals";
import { host, network, RecordsLab, race, type States } from "./records-lab.js";

/** What ClusterRecords holds of hosts, over every state. */
export function describeHostRecords(states: () => States): void {
  const lab = new RecordsLab(states);

  test("one of the hosts that claim a name has it, and the others learn of it", async () => {
    const { of, name } = lab.cluster();
    const claims = [0, 1, 2, 3].map((at) => of(at).claimHost(host(at, { name: "same" })));
    const { won, lost } = await race(claims);
    expect(won).toHaveLength(1);
    const { hosts } = await of(0).read();
    const { address, joined } = hosts.get("same") ?? {};
    for (const error of lost)
      expect(error).toMatchObject({ code: "TSD_CLUSTER_HOST_TAKEN", details: { name: "same", address, joined } });
    expect((await lab.states()[0].read(`/tsd/${name}/addresses/`)).records).toHaveLength(1);
  });

  test("one of the hosts that claim an address has it", async () => {
    const { of } = lab.cluster();
    const { won, lost } = await race([0, 1, 2].map((at) => of(at).claimHost(host(at, { address: "10.0.0.9" }))));
    expect(won).toHaveLength(1);
    const [holder] = (await of(0).read()).hosts.keys();
    for (const error of lost) expect(error).toMatchObject({ code: "TSD_CLUSTER_ADDRESS_TAKEN", details: { holder } });
  });

  test("hosts that join at once are in the same cluster, and one that joins again gets its own", async () => {
    const { of } = lab.cluster();
    const results = await Promise.all(Array.from({ length: 8 }, (_, at) => of(at).claimHost(host(at))));
    expect(new Set(results.map(({ clusterId }) => clusterId)).size).toBe(1);
    expect(await of(1).claimHost(host(0))).toEqual(results[0]);
    await expect(of(1).claimHost(host(0, { epoch: "other" }))).rejects.toMatchObject({
      code: "TSD_CLUSTER_HOST_TAKEN",
    });
  });

  test("a host joins no cluster whose records have another version, and changes nothing there", async () => {
    const { of, name } = lab.cluster();
    await lab.put(`/tsd/${name}/version`, JSON.stringify({ version: 3, uuid: "unknown" }));
    const message = expect.stringContaining("has records of version 3, and this tsd has version 2");
    await expect(of(0).claimHost(host(0))).rejects.toMatchObject({ code: "TSD_CLUSTER_VERSION", message });
    expect((await lab.states()[0].read(`/tsd/${name}/`)).records).toHaveLength(1);
  });

  test("a host that is given up loses all, claims nothing, and what was its is another's", async () => {
    const { of, name } = await lab.joined(3);
    const spec = network("web");
    const { blocks } = await of(0).createNetwork(spec, host(0));
    const endpoint = { host: "h0", mac: "02:00:00:00:00:09", addresses: ["10.5.0.70"], names: ["db"] };
    for (let at = 0; at < 130; at++) {
      const id = at.toString(16).padStart(64, "0");
      await lab.put(`/tsd/${name}/network/${spec.id}/endpoints/${id}`, JSON.stringify(endpoint));
    }
    expect((await of(1).readNetwork(spec.id)).endpoints).toHaveLength(130);
    await of(0).holdAddress({ name: "web", id: spec.id, address: "10.5.9.9" }, host(0));
    await lab.put(`/tsd/${name}/alive/h0`, '"epoch-0"');
    expect((await of(1).read()).hosts.get("h0")?.isAlive).toBe(true);
    await expect(of(1).removeHost("h0")).rejects.toMatchObject({ code: "TSD_CLUSTER_HOST_ALIVE" });
    await of(1).removeHost("h0", { force: true });
    expect(await of(1).readNetwork(spec.id)).toMatchObject({
      members: new Map(),
      blocks: new Map(),
      endpoints: [],
      held: new Map(),
    });
    expect([...(await of(1).read()).hosts.keys()]).toEqual(["h1", "h2"]);
    const replaced = { code: "TSD_CLUSTER_HOST_REPLACED" };
    await expect(of(0).joinNetwork("web", host(0))).rejects.toMatchObject(replaced);
    await expect(of(1).removeHost("h0")).rejects.toMatchObject({ code: "TSD_CLUSTER_HOST_NOT_FOUND" });
    expect((await of(1).joinNetwork("web", host(1))).blocks).toEqual(blocks);
    await of(0).claimHost(host(0, { epoch: "next" }));
    await expect(of(0).joinNetwork("web", host(0))).rejects.toMatchObject(replaced);
    await of(0).removeNetwork("web", host(0, { epoch: "next" }));
    for (const at of [0, 1, 2]) await of(at).removeHost(`h${at}`, { force: true });
    expect((await lab.states()[0].read(`/tsd/${name}/`)).records).toEqual([]);
  });

  test("a removal that was cut off keeps the name until it is finished", async () => {
    const { of, name } = await lab.joined(2);
    const spec = network("web");
    await of(0).createNetwork(spec, host(0));
    const [record] = (await lab.states()[0].read(`/tsd/${name}/hosts/h0`)).records;
    await lab.put(record?.key ?? "", JSON.stringify({ ...JSON.parse(record?.value ?? ""), leaving: true }));
    const leaving = { code: "TSD_CLUSTER_HOST_LEAVING" };
    await expect(of(0).claimHost(host(0))).rejects.toMatchObject(leaving);
    await expect(of(0).joinNetwork("web", host(0))).rejects.toMatchObject(leaving);
    await of(1).removeHost("h0");
    expect((await of(1).readNetwork(spec.id)).blocks.size).toBe(0);
    await of(0).claimHost(host(0));
  });
}
