import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";

/**
 * What dockerode does with a service on DOCKER_HOST and a registry that has the image of the first argument. Prints a line of JSON: what
 * was seen.
 */
const [image = ""] = process.argv.slice(2);
const docker = new Docker({ socketPath: (process.env.DOCKER_HOST ?? "").replace("unix://", "") });
const seen: Record<string, unknown> = {};

/** Both outputs of a stream that has frames. */
async function outputs(stream: NodeJS.ReadableStream): Promise<readonly [string, string]> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.once("end", () => {
    stdout.end();
    stderr.end();
  });
  return Promise.all([text(stdout), text(stderr)]);
}

const [events, pulled] = await Promise.all([
  docker.getEvents({ filters: { type: ["container"], event: ["start", "die"] } }),
  docker.pull(image),
]);
const actions: string[] = [];
createInterface(events).on("line", (line) => actions.push(JSON.parse(line).Action));

const progress = await new Promise<readonly { readonly status?: string }[]>((resolve, reject) => {
  docker.modem.followProgress(pulled, (error, steps) => (error ? reject(error) : resolve(steps)));
});
seen.pulled = progress.at(-1)?.status;

const network = await docker.createNetwork({ Name: "front", Labels: { tier: "front" } });
const container = await docker.createContainer({
  Image: image,
  Cmd: ["sh", "-c", "read line; echo $line; echo error >&2; exec sleep 1000"],
  OpenStdin: true,
  ExposedPorts: { "80/tcp": {} },
  HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "0" }] }, NetworkMode: network.id },
});
const attached = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
const said = outputs(attached);
await container.start();
attached.write("typed\n");

const exec = await container.exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true, AttachStderr: true });
const input = await exec.start({ hijack: true, stdin: true });
const echoed = outputs(input);
input.end("hello\n");
seen.exec = [...(await echoed), (await exec.inspect()).ExitCode];
const plain = await container.exec({ Cmd: ["sh", "-c", "echo out; exit 4"], AttachStdout: true });
seen.plainExec = [...(await outputs(await plain.start({}))), (await plain.inspect()).ExitCode];

const details = await container.inspect();
seen.published = Number(details.NetworkSettings.Ports["80/tcp"]?.[0]?.HostPort) > 0;
const [containers, networks] = await Promise.all([
  docker.listContainers({ filters: { network: [network.id] } }),
  docker.listNetworks({ filters: { label: ["tier=front"] } }),
]);
seen.listed = [containers.length, ...networks.map(({ Name }) => Name)];
const waited = container.wait();
await container.stop({ t: 0 });
seen.waited = await waited;
seen.attached = await said;
const log = await container.logs({ follow: true, stdout: true, stderr: true });
seen.logs = await outputs(log);
await container.remove();
await network.remove();
const [ended] = await docker.run(image, ["sh", "-c", "exit 5"], new PassThrough(), {
  HostConfig: { AutoRemove: true },
});
seen.run = ended;
for (let tries = 0; tries < 600 && actions.length < 4; tries += 1) await sleep(50);
seen.events = actions;
(events as PassThrough).destroy();
seen.missing = await docker
  .getContainer("nosuch")
  .inspect()
  .catch(({ statusCode }: { statusCode: number }) => statusCode);
process.stdout.write(`${JSON.stringify(seen)}\n`);
