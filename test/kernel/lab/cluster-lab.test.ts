import { expect, test } from "@jest/globals";
import { openClusterLab } from "../../support/cluster/cluster-lab.js";
import { Flow } from "../../support/cluster/flow.js";
import { address6Of, addressOf } from "../../support/cluster/underlay.js";
import { eventually } from "../../support/eventually.js";

test("hosts of a cluster lab have their own name, /run and state, share a wire that can be cut, and leave nothing", async () => {
  const lab = await openClusterLab(2);
  const [one, two] = [lab.host(1), lab.host(2)];
  expect((await one.mustRun(["hostname"])).trim()).toBe("host1");
  await two.addNamespace("guest");
  expect((await one.mustRun(["ls", "/run/netns"])).trim()).toBe("");
  for (const address of [addressOf(2), address6Of(2), addressOf(11)]) {
    await one.mustRun(["ping", "-q", "-c", "1", "-W", "2", address]);
  }
  const flow = await Flow.start(one, two, addressOf(2));
  const unharmed = await Flow.start(lab.outside, two, addressOf(2), 4001);
  await lab.underlay.cut([1], [2, 11]);
  expect((await one.run(["ping", "-q", "-c", "3", "-i", "0.1", "-w", "1", addressOf(2)])).code).toBe(1);
  await lab.underlay.heal();
  await one.mustRun(["ping", "-q", "-c", "1", "-W", "2", addressOf(2)]);
  expect((await flow.stop()).lost).toBeGreaterThan(20);
  expect(await unharmed.stop()).toMatchObject({ lost: 0 });

  await two.mustRun(["ip", "netns", "delete", "guest"]);
  expect(await lab.residue()).toEqual([]);
  await one.ip("link add left type bridge");
  expect(await lab.residue(0)).toContainEqual(expect.stringContaining("host1: link left"));

  const running = await two.mustTsd(["run", "-d", "--net", "none", "busybox", "sleep", "60"]);
  await two.powerOff();
  const again = await lab.boot(2);
  expect(await again.mustTsd(["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.State}}"])).toBe(
    `${running} exited`,
  );

  const backup = await lab.etcd.backUp();
  await lab.etcd.ctl("put", "/later", "value");
  expect(await lab.etcd.keys()).toEqual(["/later"]);
  const leader = await lab.etcd.leader();
  await lab.etcd.kill(leader);
  await eventually(() => lab.etcd.ctl("put", "/later", "again"));
  lab.etcd.run(leader);
  await lab.etcd.restore(backup);
  expect(await lab.etcd.keys()).toEqual([]);
  await lab.close();
});
