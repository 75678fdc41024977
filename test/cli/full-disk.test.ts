import { expect, test } from "@jest/globals";
import { SmallDisk } from "../support/lab/small-disk.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** Commands that change something, on a host with the networks "a" and "b" and a container "web" on "a". */
const commands: Readonly<Record<string, readonly string[]>> = {
  "network create": ["network", "create", "c"],
  "run -d": ["run", "-d", "--name", "other", "--net", "a", "-p", "9000-9009:9000-9009", "busybox", "sleep", "60"],
  connect: ["network", "connect", "--ip", "10.81.0.9", "b", "web"],
  "port add": ["port", "add", "web", "8443:443"],
  "rm -f": ["rm", "-f", "web"],
};

/** KiB that are left. Opening the database takes some 50, for its log and the index of that; each commit takes 4 or more. */
const rooms = [0, 48, 96, 144, 192, 256, 384];

/** One sentence, and what to do next. */
const refusal = /^tsd: (?!internal error)[^\n]*(the disk is full|no space left|ENOSPC)[^\n]*\n(hint: [^\n]*\n)?$/i;

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
}

/** Gives a command with so little room, then sees whether all is in order and the command possible. Answers its exit code. */
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

/** Gives a command with each of these KiB left, and answers whether it was ever done and ever refused. */
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
  async (_name, words) => {
    const disk = await SmallDisk.over(lab().host.root, 24);
    expect(await tryAll(disk, rooms, words)).toEqual([true, true]);
  },
  120_000,
);

test("run where the run-time files find no room is refused in a sentence and leaves nothing", async () => {
  const disk = await SmallDisk.over(`${lab().host.runDirectory}/containers`, 1);
  expect(await tryAll(disk, [0, 4, 12, 20, 28, 40, 64, 96, 128], commands["run -d"] ?? [])).toEqual([true, true]);
}, 120_000);
