import type { Reply, Send } from "../../cli/engine-requests.js";

/** A reply as it is compared. */
interface Seen {
  readonly status: number;
  readonly type: unknown;
  /** JSON where it is JSON; a list where it is several lines of it. */
  readonly body: unknown;
}

/** By the words that say what was asked. */
export type Replies = ReadonlyMap<string, Seen>;

type Json = Readonly<Record<string, unknown>>;

/** Asks an engine of docker's API the same as any other one. The engine has an image `busybox`, and nothing else. */
export async function visit(send: Send): Promise<Replies> {
  const replies = new Map<string, Seen>();
  const ask = async (said: string, request: string, body?: Json): Promise<Json> => {
    const [method = "", path = ""] = request.split(" ");
    const reply = seen(await send(method, `/v1.41${path}`, body && JSON.stringify(body)));
    replies.set(said, reply);
    return (reply.body ?? {}) as Json;
  };

  await ask("ping", "GET /_ping");
  await ask("version", "GET /version");
  await ask("info", "GET /info");
  await ask("images", "GET /images/json");
  await ask("image", "GET /images/busybox/json");
  await ask("history of an image", "GET /images/busybox/history");

  const network = {
    Name: "front",
    CheckDuplicate: true,
    Labels: { tier: "front" },
    IPAM: { Config: [{ Subnet: "10.91.0.0/24" }] },
  };
  await ask("create a network", "POST /networks/create", network);
  await ask("create a network twice", "POST /networks/create", network);
  await ask("network", "GET /networks/front");
  await ask("networks", `GET /networks?filters=${encodeURIComponent('{"type":{"builtin":true}}')}`);
  await ask("default network", "GET /networks/bridge");
  await ask("create a volume", "POST /volumes/create", { Name: "data", Labels: { tier: "db" } });
  await ask("volume", "GET /volumes/data");
  await ask("volumes", "GET /volumes");

  await ask("create a container", "POST /containers/create?name=box", container);
  await ask("create a container twice", "POST /containers/create?name=box", container);
  await ask("container that is created", "GET /containers/box/json");
  await ask("start", "POST /containers/box/start");
  await ask("start twice", "POST /containers/box/start");
  await ask("container that runs", "GET /containers/box/json");
  await ask("containers", "GET /containers/json");
  await ask("connect", "POST /networks/front/connect", { Container: "box", EndpointConfig: { Aliases: ["web"] } });
  await ask("connect twice", "POST /networks/front/connect", { Container: "box" });
  await ask("network with a container", "GET /networks/front");
  await ask("container on two networks", "GET /containers/box/json");
  await ask("top", "GET /containers/box/top");
  await ask("stats", "GET /containers/box/stats?stream=false");
  await ask("logs", "GET /containers/box/logs?stdout=1&stderr=1");
  await ask("changes", "GET /containers/box/changes");

  const command = { AttachStdout: true, AttachStderr: true, Cmd: ["sh", "-c", "echo out; exit 3"] };
  const { Id: exec } = await ask("create a command", "POST /containers/box/exec", command);
  await ask("command that is created", `GET /exec/${exec}/json`);
  await ask("run a command", `POST /exec/${exec}/start`, { Detach: false });
  await ask("command that has ended", `GET /exec/${exec}/json`);
  await ask("run a command twice", `POST /exec/${exec}/start`, { Detach: false });
  const { Id: kept } = await ask("create a command", "POST /containers/box/exec", { Cmd: ["sleep", "1000"] });
  await ask("run a command behind", `POST /exec/${kept}/start`, { Detach: true });
  await ask("command that runs", `GET /exec/${kept}/json`);
  const { Id: missing } = await ask("create a command", "POST /containers/box/exec", { Cmd: ["nosuch"] });
  await ask("run a command behind that is missing", `POST /exec/${missing}/start`, { Detach: true });
  await ask("command that is missing", `GET /exec/${missing}/json`);

  await ask("remove what runs", "DELETE /containers/box");
  await ask("remove a network in use", "DELETE /networks/front");
  await ask("remove a volume in use", "DELETE /volumes/data");
  await ask("pause", "POST /containers/box/pause");
  await ask("container that is paused", "GET /containers/box/json");
  await ask("exec in what is paused", "POST /containers/box/exec", command);
  await ask("unpause", "POST /containers/box/unpause");
  await ask("update", "POST /containers/box/update", { CpuShares: 512 });
  await ask("rename", "POST /containers/box/rename?name=case");
  await ask("stop", "POST /containers/case/stop?t=0");
  await ask("stop twice", "POST /containers/case/stop");
  await ask("wait", "POST /containers/case/wait");
  await ask("kill what has ended", "POST /containers/case/kill");
  await ask("exec in what has ended", "POST /containers/case/exec", command);
  await ask("container that has ended", "GET /containers/case/json");
  await ask("containers that have ended", "GET /containers/json?all=1");
  await ask("disk usage", "GET /system/df");
  for (const [said, request, wrong] of refused) await ask(said, request, wrong);

  await ask("remove a container", "DELETE /containers/case?v=1");
  await ask("remove a network", "DELETE /networks/front");
  await ask("remove a volume", "DELETE /volumes/data");
  await ask("prune containers", "POST /containers/prune");
  await ask("prune networks", "POST /networks/prune");
  await ask("prune volumes", "POST /volumes/prune");
  const until = Math.ceil(Date.now() / 1000) + 1;
  const filters = { container: ["case"], type: ["container"], event: lifeOfContainer };
  await ask("events", `GET /events?since=1&until=${until}&filters=${encodeURIComponent(JSON.stringify(filters))}`);
  return replies;
}

/** Events in one order: commands in a container end when they like. */
const lifeOfContainer = "create start pause unpause update rename kill die stop destroy".split(" ");

/** Requests that any engine refuses. */
const refused: readonly (readonly [string, string, Json?])[] = [
  ["no such path", "GET /nosuch"],
  ["no such container", "GET /containers/nosuch/json"],
  ["no such image", "GET /images/nosuch/json"],
  ["no such network", "GET /networks/nosuch"],
  ["no such volume", "GET /volumes/nosuch"],
  ["no such command", "GET /exec/nosuch/json"],
  ["container of no image", "POST /containers/create", { Image: "nosuch" }],
  ["container without a command", "POST /containers/create", { Image: "busybox" }],
  [
    "container on no network",
    "POST /containers/create",
    { Image: "busybox", Cmd: ["a"], HostConfig: { NetworkMode: 7 } },
  ],
  ["filter that is no JSON", "GET /containers/json?filters=%7B"],
  ["filter that there is not", "GET /containers/json?filters=%7B%22nosuch%22%3A%5B%22a%22%5D%7D"],
  ["command of no words", "POST /containers/case/exec", {}],
  ["signal that there is not", "POST /containers/case/kill?signal=NOSUCH"],
  ["logs of no stream", "GET /containers/case/logs"],
  ["name that is no name", "POST /containers/create?name=-", { Image: "busybox", Cmd: ["a"] }],
];

const container: Json = {
  Image: "busybox",
  Cmd: ["sh", "-c", "echo said; touch /made; sleep 1000"],
  Env: ["A=b"],
  Hostname: "host",
  User: "0",
  WorkingDir: "/tmp",
  Labels: { tier: "front" },
  ExposedPorts: { "80/tcp": {}, "81/udp": {} },
  StopSignal: "SIGINT",
  Healthcheck: { Test: ["NONE"] },
  HostConfig: {
    Binds: ["data:/data"],
    PortBindings: { "80/tcp": [{ HostPort: "8091" }] },
    RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 },
    Memory: 64 << 20,
    NanoCpus: 500_000_000,
    CapAdd: ["NET_ADMIN"],
    CapDrop: ["MKNOD"],
    Dns: ["192.0.2.53"],
    ExtraHosts: ["printer:192.0.2.9"],
    Ulimits: [{ Name: "nofile", Soft: 512, Hard: 512 }],
    Tmpfs: { "/scratch": "size=1m" },
    ReadonlyRootfs: false,
  },
};

function seen({ status, headers, body }: Reply): Seen {
  const type = headers["content-type"];
  if (type !== "application/json") return { status, type, body: body === "" ? undefined : body };
  const lines = body
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line, portsInOrder));
  return { status, type, body: inOrder(lines.length > 1 ? lines : lines[0]) };
}

/** Nor have lists of ports. */
function portsInOrder(key: string, value: unknown): unknown {
  const portOf = (one: unknown): number => Number((one as Json).PrivatePort);
  return key === "Ports" && Array.isArray(value) ? value.toSorted((one, other) => portOf(one) - portOf(other)) : value;
}

/** Lists of networks have no order of their own. */
function inOrder(body: unknown): unknown {
  const name = (one: unknown): string => String((one as Json | undefined)?.Name);
  return Array.isArray(body) ? body.toSorted((one, other) => name(one).localeCompare(name(other))) : body;
}
