import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ContainerFixture } from "./container-fixture.js";
import { ForegroundProgram } from "./foreground-build.js";

const fixture = new ContainerFixture();
const program = new ForegroundProgram(fixture);

beforeAll(() => program.build());
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => {
  program.dispose();
  fixture.dispose();
});

const script = "grep CapBnd /proc/self/status; cat /proc/self/cgroup; echo ran";

describe.each([
  ["version 2 alone", "umount -l /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup"],
  ["no cgroups", "umount -l /sys/fs/cgroup"],
  ["cgroups that cannot be written", "umount -l /sys/fs/cgroup && mount -t cgroup2 -o ro cgroup2 /sys/fs/cgroup"],
  ["version 1 without a version 2 tree", "umount -l /sys/fs/cgroup/unified"],
])("a host with %s", (_name, mounts) => {
  test("runs containers", async () => {
    const shown = await program.afterMounts(mounts, fixture.spec(["sh", "-c", script]));
    expect(shown).toContain("ran\n");
  });

  test("keeps a limit or refuses it", async () => {
    const shown = await program.afterMounts(
      mounts,
      fixture.spec(["sh", "-c", script], { limits: { memory: 32 * 2 ** 20 } }),
    );
    expect(shown).toMatch(/^ran$|TSD_RUNTIME_LIMIT_UNSUPPORTED/m);
  });
});
