import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { OnDemandService } from "../../../src/service/on-demand-service.js";
import { ServicePlace } from "../../../src/service/place.js";
import { ServiceProcess, type Work } from "../../../src/service/service-process.js";

let directory: string;
let process: ServiceProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tsd-service-"));
});

afterEach(() => {
  process?.end();
  rmSync(directory, { recursive: true, force: true });
});

const place = (): string => join(directory, "agent");

/** The service as commands of a version see it. */
function serviceOf(identity = "0.1.0 net:[1] /root"): OnDemandService {
  const error = () => new TsdError({ kind: "runtime", code: "TSD_AGENT_NOT_STARTED", message: "not started" });
  return new OnDemandService({ directory: place(), argv: [], env: {}, identity, refused: error, notStarted: error });
}

async function start(work: Partial<Work>): Promise<void> {
  process = await ServiceProcess.start({
    place: new ServicePlace(place()),
    identity: "0.1.0 net:[1] /root",
    stays: true,
    unlisted: "not listed",
    report: () => undefined,
    exit: () => undefined,
    open: () => ({
      state: { subjects: () => ["a"], isUsed: () => true, isThere: () => true, close: () => undefined },
      work: { size: 1, begin: async () => [], end: async () => undefined, list: () => [], ...work },
    }),
  });
}

test("a question gets what the service knows of the subject, or fails in its words", async () => {
  await start({
    reply: async (subject, question) => {
      if (subject !== "a") throw new Error(`${subject} is not followed`);
      return { question };
    },
  });
  expect(await serviceOf().find("a", { name: "db" }, 5000)).toEqual({ question: { name: "db" } });
  await expect(serviceOf().find("b", {}, 5000)).rejects.toThrow("b is not followed");
  expect(await serviceOf("0.9.9 net:[1] /root").find("a", { name: "db" }, 5000)).toEqual({ question: { name: "db" } });
  await expect(serviceOf("0.1.0 net:[2] /root").find("a", {}, 5000)).rejects.toThrow("it does not run");
});

test("a question waits for no command, nor a command for it", async () => {
  const [opening, asking] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let begun = 0;
  await start({
    begin: async () => {
      begun++;
      // The first is what the state lists.
      if (begun === 2) await opening.promise;
      return [];
    },
    reply: async (_, question) => {
      if (question === "late") await asking.promise;
      return question;
    },
  });
  const service = serviceOf();
  const opened = service.serve(["a"]);
  while (begun < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await service.find("a", "soon", 5000)).toBe("soon");
  const late = service.find("a", "late", 5000);
  opening.resolve();
  await opened;
  asking.resolve();
  expect(await late).toBe("late");
});

test("a service that does not run, or does not reply, is waited for no longer than the question may wait", async () => {
  await expect(serviceOf().find("a", {}, 5000)).rejects.toThrow("it does not run");
  await start({ reply: () => new Promise(() => undefined) });
  await expect(serviceOf().find("a", {}, 50)).rejects.toThrow("it does not reply in time");
});
