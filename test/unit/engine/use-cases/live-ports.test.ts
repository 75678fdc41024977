import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

async function running(world: World, rest: object = {}): Promise<TsdProcess> {
  const process = await world.commandOnNetwork();
  await process.containers.runDetached({
    image: "busybox",
    name: "web",
    networks: [{ network: "n" }],
    publish: ["8080:80"],
    ...rest,
  });
  return process;
}

const portsOf = ({ containers }: TsdProcess) =>
  containers.inspect("web").endpoints.flatMap(({ endpoint }) => endpoint.ports.map(({ hostPort }) => hostPort));

describe("ports of a running container", () => {
  test("are added and taken away, now and for its next start", async () => {
    using world = new World();
    const process = await running(world);
    const before = world.kernel.lines();
    expect(await process.containers.publish("web", ["9000-9001:90-91/udp", "127.0.0.1:443:443"])).toMatchObject([
      { protocol: "udp", hostPort: 9000, count: 2 },
      { hostAddress: "127.0.0.1", hostPort: 443 },
    ]);
    expect(portsOf(process)).toEqual([8080, 9000, 443]);
    expectAgreement(world);
    await process.containers.unpublish("web", ["8080:80", "443"]);
    await process.containers.stop("web");
    await process.containers.start("web");
    expect(portsOf(process)).toEqual([9000]);
    await process.containers.unpublish("web", ["90-91/udp"]);
    await process.containers.publish("web", ["8080:80"]);
    expectAgreement(world);
    expect(world.kernel.lines()).toEqual(
      before.map((line) => line.replaceAll("10.1.0.2", "10.1.0.3")).map(() => expect.any(String)),
    );
  });

  test("stay the same in words and values, also where an older tsd wrote the words alone", async () => {
    using world = new World();
    const process = await running(world, { publish: ["8080:80", "127.0.0.1:0443:443"] });
    const asked = () => {
      const { container, requests } = world.store.containers.resolve("web");
      return { words: container.spec.publish, ports: requests?.publish.map(({ containerPort }) => containerPort) };
    };
    expect(asked()).toEqual({ words: ["8080:80", "127.0.0.1:0443:443"], ports: [80, 443] });
    const { requests: _requests, ...older } = world.store.containers.resolve("web");
    world.store.transaction(() => world.store.containers.update(older));
    await process.containers.unpublish("web", ["80"]);
    expect(asked()).toEqual({ words: ["127.0.0.1:0443:443"], ports: [443] });
    await process.containers.publish("web", ["9000:90/UDP"]);
    expect(asked()).toEqual({ words: ["127.0.0.1:0443:443", "9000:90/UDP"], ports: [443, 90] });
  });

  test("are refused where they are taken, and nothing changes", async () => {
    using world = new World();
    const process = await running(world);
    world.busyPorts.add(81);
    const before = world.snapshot();
    for (const [port, code] of [
      ["8080:81", "TSD_PORT_TAKEN"],
      ["81:81", "TSD_PORT_BUSY"],
      ["[::1]:82:82", "TSD_PORT_FAMILY"],
      ["x", "TSD_PORT_INVALID"],
    ] as const) {
      await expect(process.containers.publish("web", ["83:83", port])).rejects.toMatchObject({ code });
    }
    await expect(process.containers.unpublish("web", ["80", "99"])).rejects.toMatchObject({
      message: 'container "web" does not publish 99',
    });
    expect(world.snapshot()).toEqual(before);
  });

  test("need a network that publishes", async () => {
    using world = new World();
    const process = await running(world, { networks: [{ network: "none" }] });
    await expect(process.containers.publish("web", ["83:83"])).rejects.toMatchObject({ code: "TSD_PORT_NO_NETWORK" });
  });
});

test("every exposed port is published where that was asked for, once each", async () => {
  using world = new World();
  const process = await running(world, { publishAll: true, expose: ["80", "53/udp", "7000-7001"] });
  const [{ endpoint } = { endpoint: undefined }] = process.containers.inspect("web").endpoints;
  expect(endpoint?.ports).toMatchObject([
    { protocol: "tcp", hostPort: 8080, containerPort: 80 },
    { protocol: "udp", hostPort: expect.any(Number), containerPort: 53 },
    { protocol: "tcp", hostPort: expect.any(Number), containerPort: 7000, count: 2 },
  ]);
  expectAgreement(world);
});
