import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Change, Explanation, Finding, HostDrift, NetworkMember, Orphan, Step } from "../../../src/api/index.js";
import { styles } from "../../../src/errors/colours.js";
import { printable, printableJson, printableText } from "../../../src/errors/printable.js";
import { projectFiles } from "../../support/house/project-files.js";
import { makeContainer, makeDetails, makeImage, makeNetworkDetails } from "../presenters/samples.js";
import type { FakeParts } from "./fake-tsd.js";
import { runCommand } from "./run-command.js";

/** A title for the window, a newline that would forge a row, a cleared screen by C1, a reversed line, a delete, separators of lines. */
const evil = "\u001b]0;pwned\u0007\nforged\trow\u009b2J\u202e\u007f\u2028forged\u2029";
/** Words of tsd itself. */
const own = new Set(["created", "startedAt", "finishedAt", "time", "status"]);

/** The same thing with `evil` in every text, keys among them, where these are the user's. */
function poisoned<T>(value: T, key = ""): T {
  if (typeof value === "string") return (own.has(key) ? value : `${value}${evil}`) as T;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => {
    return [key === "labels" || key === "options" ? `${name}${evil}` : name, poisoned(part, name)];
  });
  return Object.fromEntries(entries) as T;
}

const details = poisoned(
  makeDetails({
    spec: {
      image: "busybox",
      labels: { a: "b" },
      env: ["A=b"],
      volumes: ["/a:/b"],
      workdir: "/",
      user: "u",
      dns: ["1"],
    },
  }),
);
const network = poisoned({
  ...makeNetworkDetails(),
  network: { ...makeNetworkDetails().network, labels: { a: "b" }, options: { o: "p" } },
});
const image = { ...poisoned(makeImage()), id: "b1".repeat(32) };
const drift = {
  ...{ of: { kind: "network", id: "1", name: "web" }, problem: "different", found: "x", repairable: true },
  resource: { kind: "file", path: "/x", content: "" },
} as unknown as HostDrift;
const orphan: Orphan = { kind: "link", what: "veth0", why: "nobody lists it" };
const explanation = {
  named: "n",
  hops: [{ place: "a", what: "b", by: "c", amiss: "d" }],
  verdict: { reaches: false, why: "e", hint: "f" },
  cautions: ["g"],
} as unknown as Explanation;
const step: Step = { verb: "run", what: "do it", resources: [], sends: ["nft -f - <<END", "x"] } as unknown as Step;

const tsd: FakeParts = {
  containers: {
    list: () => [details],
    inspect: () => details,
    stop: async () => details.container,
    remove: async () => details.container,
    wait: async () => 0,
  },
  networks: {
    list: () => [network.network],
    inspect: () => network,
    overview: async () => ({
      ...network,
      members: [
        poisoned<NetworkMember>({
          ...{ host: "h", address: "192.0.2.1", blocks: ["b"] },
          endpoints: [{ id: "1", mac: "m", addresses: ["a"], names: ["n"] }],
        }),
      ],
    }),
    remove: async () => network.network,
    names: () => [
      poisoned({
        name: "app",
        addresses: ["10.0.0.2"],
        container: { id: "1", name: "c" },
        network: { id: "2", name: "n" },
      }),
    ],
  },
  images: {
    list: () => [image],
    get: () => image,
    inspect: () => ({ image, configuration: poisoned({ author: "a", architecture: "b" }) }),
    history: async () => [poisoned({ createdBy: "RUN x", comment: "c", size: 0 })],
    tag: async () => image,
    remove: async () => image,
    load: async () => [image],
    import: async () => image,
  },
  system: {
    check: async () => [poisoned(drift), { ...poisoned(orphan), problem: "stray" } as unknown as HostDrift],
    doctor: async () => [poisoned<Finding>({ problem: "p", remedy: "r", harmless: false })],
    gc: async () => ({ freed: [poisoned(orphan)], left: [poisoned(orphan)] }),
    explain: async () => poisoned(explanation),
    events: async function* () {
      yield poisoned({
        seq: 1,
        time: "2026-01-01T00:00:00Z",
        kind: "container",
        id: "1",
        name: "n",
        what: "w",
      } as unknown as Change);
    },
  },
};

const lists = (command: string, ...formats: readonly string[]) =>
  [...["table", "json", "{{json .}}"], ...formats].map((format) => [command, "--format", format]);
const lines: readonly (readonly string[])[] = [
  ["ps"],
  ["ps", "--all", "--no-trunc"],
  ["ps", "--quiet"],
  ["ps", "--json"],
  ...lists(
    "ps",
    "{{.Labels}}",
    "{{.Labels | upper}}",
    "{{json .Labels}}",
    "table {{.Name}}\\t{{.Labels}}",
    "{{.Command}} {{.Image}}",
  ),
  ["image ls"],
  ["image ls", "--json"],
  ...lists("image ls", "{{.Repository}}:{{.Tag}}"),
  ["image inspect", "x"],
  ["image history", "x"],
  ["image history", "--json", "x"],
  ...lists("image history", "{{.CreatedBy}}").map((words) => [...words, "x"]),
  ["network ls"],
  ["network ls", "--json"],
  ...lists("network ls", "{{.Name}} {{.Labels}}"),
  ["names"],
  ["names", "--quiet"],
  ...lists("names", "{{.Name}} {{.Container}}"),
  ["inspect", "x"],
  ["inspect", "--type", "network", "x"],
  ["inspect", "--type", "image", "x"],
  ...[
    "{{.Name}}",
    "{{.Config.Labels}}",
    "{{.Config.Env}}",
    '{{join .Config.Env " "}}',
    "{{json .}}",
    "{{lower .Path}}",
  ].map((format) => ["inspect", "--format", format, "x"]),
  ["network inspect", "x"],
  ["port", "x"],
  ["stop", "x"],
  ["rm", `x${evil}`],
  ["network rm", `x${evil}`],
  ["image rm", `x${evil}`],
  ["image load", "--input", "x"],
  ["image import", "x", "y"],
  ["check"],
  ["check", "--json"],
  ["doctor"],
  ["gc"],
  ["explain", "a", "b"],
  ["events"],
  ["events", "--json"],
  ["stop", "--dry-run", "x"],
];

/** All that a terminal obeys but newline and tab, which tsd's own texts have. */
const obeyed = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

describe("no command lets a value speak to the terminal", () => {
  test.each(lines.map((line) => [line] as const))("%j", async ([id = "", ...argv]) => {
    const scene = { tsd, steps: [poisoned(step)], warnings: [`beware of ${evil}`] };
    const { stdout, stderr, error } = await runCommand(id, argv, scene);
    expect(error).toBeUndefined();
    expect(stdout + stderr).not.toMatch(obeyed);
    expect(stderr).toContain("\\x0aforged\\x09row");
    expect(stdout + stderr).not.toMatch(/^forged/m);
  });

  test("a terminal gets bold headings, and nothing else of its own", async () => {
    const surroundings = { isTerminal: () => true };
    const { stdout } = await runCommand("image ls", [], { tsd, surroundings });
    const [on, off] = styles.bold;
    expect(stdout).toContain(`${on}REPOSITORY `);
    expect(stdout.replace(on, "").replace(off, "")).not.toMatch(obeyed);
  });

  test("newlines and tabs of a template stay", async () => {
    const { stdout } = await runCommand("inspect", ["--format", 'a\\t{{join .Args "\\n"}}\\n', "x"], {
      tsd: {
        containers: { inspect: () => ({ ...details, container: makeContainer({ command: ["x", "b\n", "c"] }) }) },
      },
    });
    expect(stdout).toBe("a\tb\\x0a\nc\n\n");
  });

  test("only what a container wrote, printable words, the progress bar, and what clears the terminal go past the net", () => {
    const direct = projectFiles("src/commands").filter(({ text }) =>
      /\bwrite(Out|Error)\b(?!\(text: string\))/.test(text),
    );
    expect(direct.map(({ path }) => path.split("/").at(-1)).sort()).toEqual([
      "apply-remedy.ts",
      "confirm.ts",
      "logs.ts",
      "process-surroundings.ts",
      "pull-progress.ts",
      "read-image.ts",
      "stats.ts",
      "tsd-command.ts",
    ]);
  });
});

describe("what is printable", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(evil, "\u0000", "\u0085", "\u2067x", "\r\n"),
  );
  test("has nothing that a terminal obeys, and other text is as it was", () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(printable(text)).not.toMatch(/\p{Cc}/u);
        expect(printableText(text)).not.toMatch(obeyed);
        if (!obeyed.test(text)) expect(printableText(text)).toBe(text);
      }),
    );
  });

  test("is the same value in JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), anything, (value, text) => {
        const json = printableJson({ value, text, [text]: 1 }, 2);
        expect(json).not.toMatch(obeyed);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text, [text]: 1 })));
      }),
    );
  });
});
