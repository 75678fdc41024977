import type { Change, Container, LogLine, Tsd } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import { TsdError } from "../../errors/tsd-error.js";
import { frame } from "../http/frames.js";
import { pour } from "../http/pour.js";
import { refusal } from "../http/refusal.js";
import type { Call, Route } from "../router.js";
import type { Service } from "../service.js";
import { ClientSession } from "../sessions/client-session.js";
import { SessionGroup } from "../sessions/session-group.js";
import { contentTypeOf } from "./content-type.js";

/** Streams of containers: start with a client's streams, attach, logs. */
export const streamRoutes: readonly Route[] = [
  { method: "POST", path: "/containers/{id}/start", handler: start },
  { method: "POST", path: "/containers/{id}/attach", handler: attach, waits: true },
  { method: "GET", path: "/containers/{id}/logs", handler: logs, waits: true },
];

async function start({ exchange, param, tsd, service }: Call): Promise<void> {
  const { container } = tsd.containers.inspect(param("id"));
  if (["running", "stopping", "restarting"].includes(container.status)) {
    exchange.empty(304);
    return;
  }
  const sessions = service.pending.take(container.id);
  if (sessions.length === 0) await tsd.containers.start(container.id);
  else await startWith(service, container.id, sessions);
  exchange.empty(204);
}

/** Starts a container on the streams of clients that wait for it. Returns once it runs. */
function startWith(service: Service, id: string, sessions: readonly ClientSession[]): Promise<void> {
  const group = new SessionGroup(sessions);
  return new Promise((resolve, reject) => {
    const what = `container ${id.slice(0, 12)}`;
    let hasStarted = false;
    const onStart = (): void => {
      hasStarted = true;
      resolve();
    };
    const run = async (tsd: Tsd): Promise<void> => {
      await tsd.containers.startAttached(id, { ...group.foreground, onStart });
      group.end();
    };
    service.behind(what, run, (error) => {
      if (!hasStarted) reject(error);
      else if (!group.isEmpty) service.reportFailure(what, error);
      group.end();
    });
  });
}

/** Returns once the container ends, or the client leaves it. */
async function attachTo(tsd: Pick<Tsd, "containers">, id: string, session: ClientSession): Promise<void> {
  try {
    await tsd.containers.attach(id, session.foreground);
  } catch (error) {
    if (!session.isLeft) throw error;
  } finally {
    session.end();
  }
}

async function attach({ exchange, minor, param, tsd, service }: Call): Promise<void> {
  const { container } = tsd.containers.inspect(param("id"));
  const { query } = exchange;
  const tty = container.spec.tty ?? false;
  const [stdout, stderr] = [query.flag("stdout"), query.flag("stderr")];
  const connection = exchange.hijack(contentTypeOf(tty, minor));
  const session = new ClientSession(connection, {
    tty,
    ...{ stdin: query.flag("stdin"), stdout, stderr, left: exchange.left, detachKeys: query.text("detachKeys") },
  });
  if (query.flag("logs")) {
    for await (const { stream, text } of tsd.containers.logs(container.id)) await session.write(stream, text);
  }
  if (!query.flag("stream")) session.end();
  else if (container.status === "running") await attachTo(tsd, container.id, session);
  else await attachLater(tsd, container, { session, service, left: exchange.left });
}

interface Pending {
  readonly session: ClientSession;
  readonly service: Service;
  readonly left: AbortSignal;
}

/**
 * Returns once a request of this service starts the container on the client's streams. Where another process starts it, attaches to it as
 * soon as it runs; where it has run or gone meanwhile, ends.
 */
async function attachLater(tsd: Tsd, { id, startedAt }: Container, pending: Pending): Promise<void> {
  const { session, service, left } = pending;
  const over = new AbortController();
  const changes = tsd.system.events({ signal: AbortSignal.any([left, over.signal]) })[Symbol.asyncIterator]();
  const following = (): Promise<IteratorResult<Change>> => {
    const next = changes.next();
    // One that nobody waits for any more fails at the end.
    next.catch(() => undefined);
    return next;
  };
  service.pending.add(id, session);
  try {
    // A change that comes while this looks is not missed.
    let next = following();
    let isConcerned = true;
    while (service.pending.has(id, session)) {
      const now = isConcerned ? found(tsd.containers, id) : undefined;
      if (isConcerned && (now === undefined || (now.startedAt !== startedAt && now.status !== "starting"))) {
        service.pending.forget(id, session);
        if (now?.status === "running") await attachTo(tsd, id, session);
        else session.end();
        return;
      }
      isConcerned = (await next).value?.id === id;
      next = following();
    }
  } finally {
    over.abort();
  }
}

function found(containers: Tsd["containers"], id: string): Container | undefined {
  try {
    return containers.inspect(id).container;
  } catch (error) {
    if (TsdError.is(error, "not-found")) return undefined;
    throw error;
  }
}

async function logs({ exchange, minor, param, tsd }: Call): Promise<void> {
  const { container } = tsd.containers.inspect(param("id"));
  const { query, left } = exchange;
  const wanted = { stdout: query.flag("stdout"), stderr: query.flag("stderr") };
  if (!wanted.stdout && !wanted.stderr) throw refusal(400, "Bad parameters: you must choose at least one stream");
  const [since, until, tail] = [query.time("since"), query.time("until"), tailOf(query.text("tail"))];
  const tty = container.spec.tty ?? false;
  const lines = tsd.containers.logs(container.id, {
    follow: query.flag("follow"),
    ...optional("tail", tail),
    ...optional("since", since),
    ...optional("until", until),
    signal: left,
  });
  const output = exchange.stream(contentTypeOf(tty, minor));
  await pour(written(lines, { wanted, tty, timestamps: query.flag("timestamps") }), output, left);
}

interface Form {
  readonly wanted: Readonly<Record<LogLine["stream"], boolean>>;
  readonly tty: boolean;
  readonly timestamps: boolean;
}

async function* written(lines: AsyncIterable<LogLine>, { wanted, tty, timestamps }: Form): AsyncGenerator<Uint8Array> {
  for await (const { stream, time, text } of lines) {
    if (!wanted[stream]) continue;
    const bytes = Buffer.from(timestamps ? `${time} ${text}` : text);
    yield tty ? bytes : frame(stream === "stdout" ? 1 : 2, bytes);
  }
}

/** A number of lines; undefined for `all`, and as docker has it for what is no number from 0 on. */
function tailOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
