import { expect, test } from "@jest/globals";
import { expectAgreement } from "../../support/engine/agreement.js";
import { World } from "../../support/engine/world.js";

/** What a command does to a running container "web" on the network "n". */
const changes = {
  "port add": ({ containers }) => containers.publish("web", ["9000:90"]),
  "port rm": ({ containers }) => containers.unpublish("web", ["80"]),
  connect: ({ networks }) => networks.connect("web", { network: "m" }),
} satisfies Record<string, (process: Awaited<ReturnType<World["command"]>>) => Promise<unknown>>;

test.each(Object.entries(changes))(
  "a container that is stopped at any step of %s leaves nothing",
  async (_name, change) => {
    let isDuring = true;
    for (let at = 0; isDuring && at < 50; at++) {
      using world = new World();
      const process = await world.commandOnNetwork();
      await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
      await process.containers.runDetached({
        image: "busybox",
        name: "web",
        networks: [{ network: "n" }],
        publish: ["8080:80"],
      });
      const [changer, stopper] = [await world.command(), await world.command()];
      let stopped: Promise<unknown> | undefined;
      isDuring = false;
      changer.steps.interrupt(at, async () => {
        isDuring = true;
        stopped = stopper.containers.stop("web");
        // The stop goes on by itself until it meets the change.
        await new Promise((resolve) => setTimeout(resolve, 10));
      });
      await change(changer).catch((error) => expect(error).toMatchObject({ name: "TsdError" }));
      await stopped;
      await process.containers.stop("web");
      expectAgreement(world);
    }
    expect(isDuring).toBe(false);
  },
);
