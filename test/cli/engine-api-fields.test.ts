import { expect, test } from "@jest/globals";
import { differences } from "../support/engine-api/differences.js";
import { explains, readExplained } from "../support/engine-api/explained.js";
import { type Replies, visit } from "../support/engine-api/visit.js";
import { Ecosystems } from "../support/lab/ecosystems.js";
import { useEngineLab } from "./engine-lab.js";
import { sender } from "./engine-requests.js";

const { lab, service } = useEngineLab();

test("replies are dockerd's, field by field, but for differences that docs/engine-api.md explains", async () => {
  const ecosystems = await Ecosystems.install(lab().host);
  const socket = `${lab().host.root}/dockerd.sock`;
  const sockets = ["-H", "unix:///var/run/docker.sock", "-H", `unix://${socket}`];
  const stop = await ecosystems.startDockerd(sockets, ["unshare", "--net", "--"]);
  const engines = [sender(() => socket), sender(() => service().socket)];
  const [docker, tsd] = (await Promise.all(engines.map(visit))) as [Replies, Replies];
  await stop();
  await ecosystems.remove();
  const found = differences(docker, tsd);
  const explained = readExplained();
  expect(found.filter((one) => !explained.some((line) => explains(line, one)))).toEqual([]);
  expect(explained.filter((line) => !found.some((one) => explains(line, one)))).toEqual([]);
}, 120_000);

test("all that was made is gone", async () => {
  await service().stop();
});
