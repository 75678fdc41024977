import { expect, test } from "@jest/globals";
import { useClusterLab } from "../support/cluster/cluster-lab.js";
import { Flow } from "../support/cluster/flow.js";
import { Storm } from "../support/cluster/storm.js";
import { eventually } from "../support/eventually.js";
import { Random } from "../support/soak/random.js";

const lab = useClusterLab();

/** Runs where TSD_SOAK_SECONDS says how long, as in script/soak: each run is another. TSD_SOAK_SEED repeats one. */
const { TSD_SOAK_SECONDS: seconds, TSD_SOAK_SEED: given } = process.env;
const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
const duration = Number(seconds ?? 0) * 1000;
const numbers = [1, 2, 3] as const;

const storms = seconds === undefined ? test.skip : test;

storms(
  `a cluster to which all kinds of things happen, with seed ${seed}, comes back to order, and a pair that none of it concerns loses nothing`,
  async () => {
    const tsd = (number: number, ...words: readonly string[]) => lab().host(number).mustTsd(words);
    for (const number of numbers) await tsd(number, "cluster", "join", "--etcd", lab().etcd.urls);
    await tsd(1, "network", "create", "--driver", "overlay", "--subnet", "10.5.0.0/16", "web");
    for (const number of numbers)
      await tsd(number, "run", "-d", "--name", "pair", "--net", "web", "busybox", "sleep", "7200");
    const address = await tsd(2, "inspect", "--format", "{{.NetworkSettings.Networks.web.IPAddress}}", "pair");
    const pair = await Flow.start(await lab().host(1).insideOf("pair"), await lab().host(2).insideOf("pair"), address);
    const storm = new Storm(lab(), new Random(seed));
    const deadline = Date.now() + duration;
    try {
      do {
        await storm.rage(12);
        await storm.calm();
      } while (Date.now() < deadline);
    } catch (error) {
      throw new Error(`${storm.log.join("\n")}\n${(error as Error).message}`);
    }
    const { lost, sent } = await pair.stop();
    expect({ lost, log: storm.log }).toMatchObject({ lost: 0 });
    expect(sent).toBeGreaterThan(100);
    await storm.removeAll();
    for (const number of numbers) await tsd(number, "rm", "-f", "pair");
    await eventually(() => tsd(1, "network", "rm", "web"));
    for (const number of numbers) await tsd(number, "cluster", "leave");
    expect(await lab().etcd.keys()).toEqual([]);
  },
  duration * 2 + 300_000,
);
