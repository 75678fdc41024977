import type { Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Exchange } from "./http/exchange.js";
import { failureOf } from "./http/failure.js";
import { Router } from "./router.js";
import { routes } from "./routes/table.js";
import type { Service } from "./service.js";
import { takeVersion } from "./version.js";

const router = new Router(routes);

/** Gives a request its reply, whatever happens. What is a fault of tsd's or of the machine's is reported as well. */
export async function carryOut(exchange: Exchange, service: Service): Promise<void> {
  try {
    const { minor, path } = takeVersion(exchange.path);
    const { route, param } = router.find(exchange.method, path);
    const call = { exchange, minor, param, service };
    if ("reply" in route) {
      route.reply(call);
      return;
    }
    const work = (tsd: Tsd): void | Promise<void> => route.handler({ ...call, tsd });
    if (route.waits) {
      await service.withSharedTsd(work);
      return;
    }
    const changes = route.reads !== true && exchange.method !== "GET" && exchange.method !== "HEAD";
    await service.withTsd(changes, work);
  } catch (error) {
    if (exchange.left.aborted) return;
    const { status, message } = failureOf(error);
    if (status === 500 || !TsdError.is(error)) service.report(`${exchange.method} ${exchange.path}: ${message}`);
    exchange.fail(error);
  }
}
