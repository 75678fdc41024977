import { existsSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { SmallDisk } from "../support/lab/small-disk.js";
import { inspect, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** Commands that change something, on a host with the networks "a" and "b" and a container "web" on "a". */
const commands: Readonly<Record<string, readonly string[]>> = {
  "network create": ["network", "create", "c"],
  "run -d": ["run", "-d", "--name", "other", "--net", "a", "-p", "9000-9009:9000-9009", "busybox", "sleep", "60"],
  connect: ["network", "connect", "--ip", "10.81.0.9", "b", "web"],
  "port add": ["port", "add", "web", "8443:443"],
  "rm -f": ["rm", "-f", "web"],
};

/** KiB that are left beside the reserve. Opening the database takes some 50; something new is made where there are 512. */
const rooms = [0, 48, 480, 768];

/** These use the reserve. */
const frees: readonly string[] = ["rm -f"];

/** One sentence, and what to do next. */
const refusal =
  /^tsd: (?!internal error)[^\n]*(the disk is full|no space left|ENOSPC|read-only file system)[^\n]*\n(hint: [^\n]*\n)?$/i;

/** A change that was written down when the disk was full is finished by the next command. */
const doneMeanwhile = /published by container "web"|is on network "b" already|container "web" does not exist/;

async function prepare(): Promise<void> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.80.0.1/24", "a"]);
  await host.mustTsd(["network", "create", "--subnet", "10.81.0.1/24", "b"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "-p", "8080:80", "busybox", "sleep", "60"]);
}

async function removeAll(): Promise<void> {
  const { host } = lab();
  const names = (await host.mustTsd(["ps", "-a", "--format", "{{.Names}}"])).split("\n").filter(Boolean);
  if (names.length > 0) await host.mustTsd(["rm", "-f", ...names]);
  await host.mustTsd(["network", "prune", "--force"]);
  await removeDefaultNetwork(lab());
}

/**
 * Gives a command with so little room, then sees whether all is in order and the command possible. Returns its exit code.
 */
async function tryWith(disk: SmallDisk, room: number, words: readonly string[]): Promise<number> {
  const { host } = lab();
  await prepare();
  disk.fill(room);
  const { code, stderr } = await host.tsd(words);
  disk.makeRoom();
  if (code !== 0) expect(stderr).toMatch(refusal);
  expect(await host.tsd(["ps"])).toMatchObject({ code: 0, stderr: "" });
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const again = code === 0 ? undefined : await host.tsd(words);
  if (again !== undefined && again.code !== 0) expect(again.stderr).toMatch(doneMeanwhile);
  await removeAll();
  return code;
}

/** Gives a command with each of these KiB left, and returns whether it was ever done and ever refused. */
async function tryAll(
  disk: SmallDisk,
  kibibytes: readonly number[],
  words: readonly string[],
): Promise<readonly boolean[]> {
  try {
    const codes: number[] = [];
    for (const room of kibibytes) codes.push(await tryWith(disk, room, words));
    return [codes.includes(0), codes.some((code) => code !== 0)];
  } finally {
    disk.makeRoom();
    await removeAll();
    await disk.remove();
  }
}

test.each(Object.entries(commands))(
  "%s on a disk that fills up is done, or refused in a sentence and leaves nothing",
  async (name, words) => {
    const disk = await SmallDisk.over(lab().host.root, 24);
    expect(await tryAll(disk, rooms, words)).toEqual([true, !frees.includes(name)]);
  },
  120_000,
);

test("run where the run-time files find no room is refused in a sentence and leaves nothing", async () => {
  const disk = await SmallDisk.over(`${lab().host.runDirectory}/containers`, 1);
  expect(await tryAll(disk, [0, 4, 12, 20, 28, 40, 64, 96, 128], commands["run -d"] ?? [])).toEqual([true, true]);
}, 120_000);

/** What only looks. */
const looks = [
  ["ps"],
  ["inspect", "web"],
  ["logs", "web"],
  ["exec", "web", "true"],
  ["port", "web"],
  ["network", "ls"],
  ["network", "inspect", "a"],
  ["image", "ls"],
  ["check"],
  ["explain", "host", "web"],
  ["reload"],
];

/** What needs room. */
const makes = [
  ...["network create", "run -d", "connect", "port add"].map((name) => commands[name] ?? []),
  ["create", "busybox", "true"],
  ["nat", "use", "iptables"],
  ["image", "import", "/dev/null", "nothing"],
];

const conditions: Readonly<
  Record<string, { begin(disk: SmallDisk): unknown; end(disk: SmallDisk): unknown; isWritable: boolean }>
> = {
  "without room": { begin: (disk) => disk.fill(0), end: (disk) => disk.makeRoom(), isWritable: true },
  "without inodes": { begin: (disk) => disk.fillInodes(), end: (disk) => disk.makeRoom(), isWritable: true },
  "that is read-only": {
    begin: (disk) => disk.makeReadOnly(),
    end: (disk) => disk.makeWritable(),
    isWritable: false,
  },
};

async function onDisk(work: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = await SmallDisk.over(lab().host.root, 24);
  try {
    await prepare();
    await work(disk);
  } finally {
    disk.makeRoom();
    await removeAll();
    await disk.remove();
  }
}

async function tryAllCommands(isWritable: boolean): Promise<void> {
  const { host } = lab();
  for (const words of looks) {
    const { code, stderr } = await host.tsd(words);
    expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: "" });
  }
  for (const words of makes) {
    const { code, stderr } = await host.tsd(words);
    expect({ words, refused: code !== 0, stderr }).toEqual({
      words,
      refused: true,
      stderr: expect.stringMatching(refusal),
    });
  }
  expect(await host.tsd(["stop", "--time", "0", "web"])).toMatchObject({ code: 0, stdout: "web\n" });
  expect(await host.tsd(["ps", "--format", "{{.Names}}"])).toEqual({ code: 0, stdout: "db\n", stderr: "" });
  for (const words of [
    ["rm", "-f", "web"],
    ["rm", "-f", "db"],
    ["network", "rm", "a", "b"],
  ]) {
    const { code, stderr } = await host.tsd(words);
    if (isWritable) expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: "" });
    else expect(stderr).toContain("on a read-only file system");
  }
}

test.each(Object.entries(conditions))(
  "a disk %s keeps nobody from looking, nor from stopping a container, nor from freeing what can be",
  async (_name, { begin, end, isWritable }) => {
    const { host } = lab();
    await onDisk(async (disk) => {
      await host.mustTsd(["run", "-d", "--name", "db", "--net", "b", "busybox", "sleep", "60"]);
      const pids = await Promise.all(["web", "db"].map(async (name) => (await inspect(lab(), name)).State.Pid));
      await begin(disk);
      try {
        await tryAllCommands(isWritable);
        for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
      } finally {
        await end(disk);
      }
      expect(await host.tsd(["ps", "-q"])).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
    });
  },
  120_000,
);

test("a container that takes every byte that is freed can be stopped and removed", async () => {
  const { host } = lab();
  await onDisk(async (disk) => {
    const eat = "while :; do cat /dev/zero >> /eaten; done 2>/dev/null";
    for (const ending of [
      ["stop", "--time", "0", "glutton"],
      ["rm", "-f", "glutton"],
    ]) {
      await host.mustTsd(["run", "-d", "--name", "glutton", "--net", "a", "busybox", "sh", "-c", eat]);
      await disk.whenFull();
      for (const words of makes) expect((await host.tsd(words)).stderr).toMatch(refusal);
      expect(await host.tsd(ending)).toEqual({ code: 0, stdout: "glutton\n", stderr: "" });
      await host.tsd(["rm", "glutton"]);
    }
    expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
}, 120_000);
