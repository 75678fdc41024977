import type { WaitCondition } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { failureOf } from "../http/failure.js";
import { refusal } from "../http/refusal.js";
import type { Call, Route } from "../router.js";

export const waitingRoutes: readonly Route[] = [
  { method: "POST", path: "/containers/{id}/wait", handler: wait, waits: true },
];

const conditions: readonly string[] = ["not-running", "next-exit", "removed"] satisfies readonly WaitCondition[];

async function wait({ exchange, param, tsd }: Call): Promise<void> {
  const condition = exchange.query.text("condition") ?? "not-running";
  if (!conditions.includes(condition)) throw refusal(400, `invalid condition: "${condition}"`);
  const { id } = tsd.containers.inspect(param("id")).container;
  const { left: signal } = exchange;
  const ended = tsd.containers.wait(id, { condition: condition as WaitCondition, signal });
  // Clients start the container only once they have the head of this reply.
  const output = exchange.stream("application/json");
  const result = await ended.then(
    (code) => ({ StatusCode: code }),
    (error: unknown) => {
      if (TsdError.is(error) && error.code === "TSD_CONTAINER_NEVER_RAN") return { StatusCode: 0 };
      return { StatusCode: -1, Error: { Message: failureOf(error).message } };
    },
  );
  if (signal.aborted) output.destroy();
  else output.end(`${JSON.stringify(result)}\n`);
}
