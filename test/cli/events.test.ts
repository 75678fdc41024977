import { expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

test("what happens is told as it happens, and afterwards", async () => {
  const { host } = lab();
  const before = (await host.mustTsd(["events", "--all", "--no-follow", "--json"])).split("\n").length;
  // What is in the log shows that it listens.
  const listener = host.startTsd(["events", "--all"]);
  await listener.saying("(name=bridge, type=bridge)");
  await host.mustTsd(["network", "create", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "busybox", "sleep", "60"]);
  await listener.saying(/container start [0-9a-f]{64} \(image=busybox, name=web\)\n/);
  await host.mustTsd(["rm", "-f", "web"]);
  await listener.saying(/container destroy [0-9a-f]{64} \(image=busybox, name=web\)\n/);
  listener.kill("SIGKILL");
  await listener.ended;
  const lines = (await host.mustTsd(["events", "--all", "--no-follow", "--json"])).split("\n").slice(before);
  const changes = lines.map((line) => JSON.parse(line));
  const ofWeb = changes.filter(({ name }) => name === "web").map(({ kind, what }) => `${kind} ${what}`);
  expect(ofWeb.at(0)).toBe("container creating");
  expect(ofWeb).toContain("container starting");
  expect(ofWeb).toContain("container exited");
  expect(ofWeb.at(-1)).toBe("container deleted");
  await host.mustTsd(["network", "rm", "net"]);
});
