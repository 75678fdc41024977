import type { Tsd } from "../../api/index.js";
import { execInspect } from "../../presenters/exec-inspect.js";
import { failureOf } from "../http/failure.js";
import { refusal } from "../http/refusal.js";
import { consoleSizeOf, execRequest } from "../requests/exec-request.js";
import { flagOf } from "../requests/fields.js";
import type { Call, PlainCall, Route } from "../router.js";
import type { Service } from "../service.js";
import { ClientSession } from "../sessions/client-session.js";
import type { ExecInstance } from "../sessions/exec-instance.js";
import { nowhere } from "../sessions/nowhere.js";
import { contentTypeOf } from "./content-type.js";

/** Further commands in containers that run. */
export const execRoutes: readonly Route[] = [
  { method: "POST", path: "/containers/{id}/exec", handler: create, reads: true },
  { method: "POST", path: "/exec/{id}/start", handler: start, reads: true },
  { method: "POST", path: "/exec/{id}/resize", reply: resize },
  { method: "GET", path: "/exec/{id}/json", reply: inspect },
];

/** Throws 409, before a connection becomes the command's. */
function requireRunning(tsd: Tsd, ref: string): string {
  const { id, name, status, paused } = tsd.containers.inspect(ref).container;
  if (status !== "running") throw refusal(409, `container ${name} is not running`);
  if (paused) throw refusal(409, `container ${name} is paused, unpause the container before exec`);
  return id;
}

async function create({ exchange, param, tsd, service }: Call): Promise<void> {
  const request = execRequest(await exchange.body());
  if (request.spec.command.length === 0) throw refusal(400, "No exec command specified");
  exchange.json(201, { Id: service.execs.add(requireRunning(tsd, param("id")), request).id });
}

async function start(call: Call): Promise<void> {
  const { exchange, param, tsd, service } = call;
  const exec = service.execs.get(param("id"));
  const body = await exchange.body();
  exec.requireNew();
  requireRunning(tsd, exec.container);
  exec.begin(consoleSizeOf(body));
  if (!flagOf(body, "Detach")) return attached(call, exec);
  await startBehind(service, exec);
  exchange.empty(200);
}

/** Returns once the command runs or has run. Throws where it cannot be run. */
function startBehind(service: Service, exec: ExecInstance): Promise<void> {
  const { ends } = service;
  const streams = { stdout: nowhere(), stderr: nowhere() };
  const what = `command in container ${exec.container.slice(0, 12)}`;
  return new Promise((resolve, reject) => {
    let runs = false;
    const onCommand = (): void => {
      runs = true;
      resolve();
    };
    const run = async ({ containers }: Tsd): Promise<void> => {
      await exec.run(containers, streams, { left: ends, leave: ends, onCommand });
      resolve();
    };
    service.behind(what, run, (error) => {
      exec.giveUp(error);
      if (runs) service.reportFailure(what, error);
      else reject(error);
    });
  });
}

/** A command that cannot be run says so on its own output, as docker has it: the reply has begun. */
async function attached({ exchange, minor, tsd, service }: Call, exec: ExecInstance): Promise<void> {
  const { spec, attached, detachKeys } = exec.request;
  const tty = spec.tty ?? false;
  const { left } = exchange;
  const session = new ClientSession(exchange.hijack(contentTypeOf(tty, minor)), { tty, ...attached, left, detachKeys });
  try {
    await exec.run(tsd.containers, session.streams, { left, leave: service.ends });
  } catch (error) {
    if (!session.isLeft) await session.write("stdout", `${failureOf(error).message}\r\n`).catch(() => undefined);
  } finally {
    session.end();
  }
}

function resize({ exchange, param, service }: PlainCall): void {
  const exec = service.execs.get(param("id"));
  const [rows = 0, columns = 0] = [exchange.query.integer("h"), exchange.query.integer("w")];
  for (const side of [rows, columns]) {
    if (side < 0 || side > 0xffff) throw refusal(400, `a terminal has no ${columns} columns and ${rows} rows`);
  }
  if (exec.state === "ended") throw refusal(409, `exec command ${exec.id} is not running`);
  exec.resize({ rows, columns });
  exchange.empty(200);
}

function inspect({ exchange, param, service }: PlainCall): void {
  const { id, container, state, exitCode, pid, request } = service.execs.get(param("id"));
  const isRunning = state === "running" || state === "left";
  exchange.json(200, execInspect({ id, container, isRunning, exitCode, pid, ...request }));
}
