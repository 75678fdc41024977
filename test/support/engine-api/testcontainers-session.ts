import { text } from "node:stream/consumers";
import { GenericContainer, getContainerRuntimeClient, Network, Wait } from "testcontainers";

/**
 * What testcontainers does with a service on DOCKER_HOST that has an image `busybox`, and one of its reaper. Prints a line of JSON: what
 * was seen. Ends as a program of tests does, without the end of its containers, which are the reaper's.
 */
const seen: Record<string, unknown> = {};
const serve = ["sh", "-c", "echo hi > /index.html; echo server is up; exec httpd -f -h /"];
const page = async (address: string): Promise<string> => (await (await fetch(`http://${address}/`)).text()).trim();

const network = await new Network().start();
const [web, said] = await Promise.all([
  new GenericContainer("busybox")
    .withCommand(serve)
    .withExposedPorts(80)
    .withNetwork(network)
    .withNetworkAliases("web")
    .withWaitStrategy(Wait.forListeningPorts())
    .start(),
  new GenericContainer("busybox")
    .withCommand(serve)
    .withCopyContentToContainer([{ content: "copied", target: "/tmp/copied" }])
    .withHealthCheck({ test: ["CMD", "test", "-e", "/index.html"], interval: 100, timeout: 5000, retries: 50 })
    .withWaitStrategy(Wait.forAll([Wait.forLogMessage("server is up"), Wait.forHealthCheck()]))
    .withNetwork(network)
    .start(),
]);
const client = await getContainerRuntimeClient();
const { IPAM } = await client.network.getById("bridge").inspect();
seen.byHost = await page(`${web.getHost()}:${web.getMappedPort(80)}`);
seen.byLoopback = await page(`127.0.0.1:${web.getMappedPort(80)}`);
// It calls there where it runs in a container itself.
seen.byGateway = await page(`${IPAM?.Config?.[0]?.Gateway}:${web.getMappedPort(80)}`);
seen.byAlias = (await said.exec(["wget", "-qO-", "http://web/"])).stdout.trim();
seen.exec = await said.exec(["sh", "-c", "echo $FOO; pwd; exit 3"], { env: { FOO: "bar" }, workingDir: "/tmp" });
seen.copied = (await said.exec(["cat", "/tmp/copied"])).stdout;
seen.copiedBack = (await text(await said.copyArchiveFromContainer("/tmp/copied"))).includes("copied");
await web.restart();
seen.restarted = await page(`${web.getHost()}:${web.getMappedPort(80)}`);
await web.stop();
const left = await client.container.list();
seen.left = left.map(({ Image }) => Image).sort();
process.stdout.write(`${JSON.stringify(seen)}\n`);
process.exit(0);
