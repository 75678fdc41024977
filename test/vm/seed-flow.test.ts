import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { Namespace } from "../support/lab/namespace.js";
import { useGuest } from "./guest.js";

const guest = useGuest();

test("the command line gives two containers a network, by which they reach each other and the world", async () => {
  const { host, internet } = guest();
  await host.mustTsd(["network", "create", "--subnet", "10.10.10.1/24", "net"]);
  for (const name of ["one", "two"])
    await host.mustTsd(["run", "-d", "--name", name, "--net", "net", "busybox", "sleep", "600"]);
  const [one, two] = JSON.parse(await host.mustTsd(["inspect", "one", "two"])) as readonly Inspected[];
  await host.mustTsd(["exec", "one", "ping", "-c", "1", "-W", "5", two?.NetworkSettings.IPAddress ?? ""]);
  await host.mustRun(["ping", "-c", "1", "-W", "5", one?.NetworkSettings.IPAddress ?? ""]);
  const server = await serveEcho(internet, { protocol: "tcp", address: addresses.server, port: 7 });
  const inside = Namespace.of(two?.State.Pid ?? 0);
  expect(await askEcho(inside, { protocol: "tcp", address: addresses.server, port: 7 }, 5000)).toBe(addresses.host);
  await server.close();
  await host.mustTsd(["rm", "-f", "one", "two"]);
  await host.mustTsd(["network", "rm", "net"]);
});

interface Inspected {
  readonly State: { readonly Pid: number };
  readonly NetworkSettings: { readonly IPAddress: string };
}
