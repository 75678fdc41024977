import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import {
  type Endpoint,
  type Learned,
  type Network,
  type Provider,
  type Resource,
  TsdError,
} from "../../../src/api/index.js";
import { catalogueOf, driverWith, pluginWith } from "../../support/plugins/plugin-of.js";

const network = { id: "a".repeat(64), name: "n", uplinks: [] } as unknown as Network;
const endpoint = { id: "e".repeat(64), netns: "/run/netns/x", interface: "eth0" } as unknown as Endpoint;

type Call = (parts: { readonly work: () => unknown }) => unknown;

/** Every verb of a driver, with the answer under test. */
const verbs: Readonly<Record<string, Call>> = {
  parseOptions: ({ work }) => guarded({ parseOptions: work as never }).parseOptions({}),
  parseEndpointOptions: ({ work }) => guarded({ parseEndpointOptions: work as never }).parseEndpointOptions({}),
  observe: ({ work }) => guarded({ observe: work as never }).observe?.({} as never, network),
  network: ({ work }) => guarded({ network: work as never }).network(network),
  endpoint: ({ work }) => guarded({ endpoint: work as never }).endpoint(network, endpoint),
  reachedDirectly: ({ work }) => guarded({ reachedDirectly: work as never }).reachedDirectly?.(network),
  sharedMac: ({ work }) => guarded({ sharedMac: work as never }).sharedMac?.(network),
};

function guarded(parts: Parameters<typeof driverWith>[0]) {
  const driver = catalogueOf(pluginWith({ drivers: [driverWith(parts)] })).drivers.get("ptp");
  if (driver === undefined) throw new Error("there is no such driver");
  return driver;
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function forever(): never {
  for (;;) {}
}

function throws(value: unknown): () => never {
  return () => {
    throw value;
  };
}

const unreadable = {
  get message(): string {
    throw new Error("no");
  },
};

const hostile = new Proxy(
  {},
  { get: throws("trap"), getPrototypeOf: throws("trap"), ownKeys: throws("trap"), has: throws("trap") },
);

/** What each verb may do wrong, and what is said of it. */
const misdeeds: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["throws an error", throws(new RangeError("boom\u001b[31m")), /it threw RangeError: boom\\x1b\[31m$/],
  ["throws a string", throws("no"), /it threw "no"$/],
  ["throws undefined", throws(undefined), /it threw undefined$/],
  ["throws null", throws(null), /it threw null$/],
  ["throws a symbol", throws(Symbol("s")), /it threw Symbol\(s\)$/],
  ["throws what cannot be read", throws(unreadable), /it threw a value that cannot be read$/],
  ["throws a proxy", throws(hostile), /it threw a value that cannot be read$/],
  ["throws at length", throws(new Error("x".repeat(100_000))), /x{300}…$/],
  [
    "throws an error of tsd's that it must not",
    throws(new TsdError({ kind: "store", code: "X", message: "lost" })),
    /it threw lost$/,
  ],
  ["returns a promise", async () => [], /it returned a promise, where a value is expected$/],
  ["returns a rejected promise", async () => Promise.reject(new Error("late")), /it returned a promise/],
  ["returns a function", () => () => 1, /it returned /],
  ["returns a proxy", () => hostile, /it returned .* with a proxy$/],
  ["returns a number", () => 7, /it returned (a number, where|something else than) /],
  [
    "hangs",
    () => {
      for (;;) {}
    },
    /it did not return within 0.2 seconds$/,
  ],
  ["ends the process", () => process.exit(0), /it called process.exit\(0\), and the process is not its own$/],
  [
    "ends the process in silence",
    () => {
      try {
        process.exit(0);
      } catch {
        return [];
      }
    },
    /it called process.exit\(0\)/,
  ],
  ["kills the process", () => process.kill(process.pid, "SIGKILL"), /it called process.kill\(\d+, SIGKILL\)/],
  ["changes the directory", () => process.chdir("/"), /it called process.chdir\(\/\)/],
];

describe.each(Object.keys(verbs))("a driver whose verb %s", (verb) => {
  test.each(misdeeds)("%s", (_, work, said) => {
    const error = thrownBy(() => verbs[verb]?.({ work }));
    expect(TsdError.is(error, "plugin")).toBe(true);
    const { message } = error as TsdError;
    expect(message).toMatch(new RegExp(`^plug-in "acme", verb ${verb}, driver "ptp": `));
    expect(message).toMatch(said);
    expect(message.length).toBeLessThan(700);
  });

  test.each(["invalid-input", "conflict", "not-found", "exhausted", "unsupported"] as const)(
    "replies to the user by %s, under its name",
    (kind) => {
      const reply = new TsdError({ kind, code: "TSD_OPTION_UNKNOWN", message: "no option \u001b[2J", hint: "None." });
      const error = thrownBy(() => verbs[verb]?.({ work: throws(reply) }));
      expect(error).toMatchObject({
        kind,
        code: "TSD_OPTION_UNKNOWN",
        message: 'driver "ptp": no option \\x1b[2J',
        hint: "None.",
      });
    },
  );
});

test("what a plug-in does with its arguments reaches nobody else", () => {
  const options = { a: "1" };
  const given = { ...network, options };
  const driver = guarded({
    network: (seen) => {
      Object.assign(seen.options, { a: "2" });
      return [];
    },
  });
  driver.network(given);
  expect(options).toEqual({ a: "1" });
});

test("a list that the plug-in keeps is copied", () => {
  const kept: Resource[] = [];
  const list = guarded({ network: () => kept }).network(network);
  kept.push({ kind: "netns", path: "/etc" });
  expect(list).toEqual([]);
});

test("the exit code is the command's to say", () => {
  const before = process.exitCode;
  guarded({
    network: () => {
      process.exitCode = 3;
      return [];
    },
  }).network(network);
  expect(process.exitCode).toBe(before);
});

const tunnel = { kind: "tunnel", name: "t0" } as unknown as Resource;

function providerWith(parts: Partial<Provider>): Provider {
  const provider = {
    kinds: ["tunnel"],
    ensure: async () => undefined,
    remove: async () => undefined,
    inspect: async () => [],
    describe: async () => [],
    ...parts,
  } as unknown as Provider;
  const found = catalogueOf(pluginWith({ providers: [provider] })).provider("tunnel");
  if (found === undefined) throw new Error("there is no such provider");
  return found;
}

describe("what a provider learns", () => {
  test.each<[answer: unknown, said: unknown]>([
    [undefined, undefined],
    [
      { mac: "02:00:00:00:00:01", addresses: ["10.0.0.2/24"] },
      { mac: "02:00:00:00:00:01", addresses: ["10.0.0.2/24"] },
    ],
    [{ addresses: ["10.0.0.2"] }, /whose addresses is .* which is not a list, each an IP address with prefix length$/],
    [{ interface: "../eth0" }, /whose interface is "..\/eth0"/],
    [{ ports: [] }, /with the unknown field "ports"$/],
    ["eth0", /something else than an object$/],
  ])("%j", async (answer, said) => {
    const learned = providerWith({ learn: async () => answer as Learned }).learn?.(tunnel);
    if (said instanceof RegExp) await expect(learned).rejects.toThrow(said);
    else expect(await learned).toEqual(said);
  });

  test("is nothing for one that learns nothing", () => expect(providerWith({}).learn).toBeUndefined());
});

describe("a provider", () => {
  const bad: readonly (readonly [string, (...given: readonly unknown[]) => unknown, RegExp])[] = [
    ["rejects", async () => Promise.reject(new Error("no")), /it threw Error: no$/],
    ["rejects with nothing", async () => Promise.reject(undefined), /it threw undefined$/],
    ["throws at once", throws(new Error("now")), /it threw Error: now$/],
    ["never finishes", () => new Promise(() => undefined), /it did not finish within 0.3 seconds$/],
    [
      "loops after a pause",
      async () => {
        await sleep(1);
        for (;;) {}
      },
      /it did not finish within 0.3 seconds$/,
    ],
    [
      "ends the process after a pause",
      async () => {
        await sleep(1);
        process.exit(0);
      },
      /it called process.exit\(0\)/,
    ],
    [
      "ends the process by a timer",
      () =>
        new Promise(() => {
          setTimeout(() => process.exit(0), 1);
        }),
      /it called process.exit\(0\)/,
    ],
    [
      "returns what hangs once it is asked",
      () => new Proxy({}, { get: forever }),
      /it did not (return|finish) within 0.3 seconds$/,
    ],
  ];
  test.each(bad)("that %s", async (_, work, said) => {
    for (const verb of ["ensure", "remove", "inspect"] as const) {
      const error = await providerWith({ [verb]: work })
        [verb]([tunnel])
        .then(
          () => undefined,
          (failure: unknown) => failure,
        );
      expect(TsdError.is(error, "plugin")).toBe(true);
      const { message } = error as TsdError;
      expect(message).toMatch(new RegExp(`^plug-in "acme", verb ${verb}, provider of tunnel: `));
      expect(message).toMatch(said);
    }
  });

  test.each<[string, unknown, RegExp]>([
    ["no list", {}, /returned something else than a list of differences$/],
    [
      "another resource",
      [{ resource: { kind: "tunnel", name: "t1" }, problem: "missing" }],
      /a resource that it was not asked about$/,
    ],
    [
      "another problem",
      [{ resource: tunnel, problem: "gone" }],
      /the problem "gone", which is not "missing" or "different"$/,
    ],
  ])("whose differences are of %s", async (_, answer, said) => {
    const provider = providerWith({ inspect: async () => answer as never });
    await expect(provider.inspect([tunnel])).rejects.toThrow(said);
  });

  test("whose difference is of a copy finds the resource that it was asked about", async () => {
    const provider = providerWith({
      inspect: async (resources) =>
        resources.map((resource) => ({ resource: { ...resource }, problem: "different", found: "\u0007" })),
    });
    const [drift] = await provider.inspect([tunnel]);
    expect(drift?.resource).toBe(tunnel);
    expect(drift?.found).toBe("\\x07");
  });

  test("that fails after its call had ended is reported, and no more", async () => {
    const catalogue = catalogueOf(
      pluginWith({
        providers: [
          {
            ...{ kinds: ["tunnel"], remove: async () => undefined, inspect: async () => [], describe: async () => [] },
            ensure: async () => {
              setTimeout(() => process.exit(0), 5);
            },
          } as unknown as Provider,
        ],
      }),
    );
    await catalogue.provider("tunnel")?.ensure([]);
    await sleep(50);
    expect(catalogue.warnings).toEqual([
      'plug-in "acme", verb ensure, provider of tunnel: it called process.exit(0), and the process is not its own, after the call had ended',
    ]);
  });
});
