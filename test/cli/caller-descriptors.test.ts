import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "tsd-caller-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs a script in a directory of the caller's with a file "secret"; "c" is a container that sleeps. Returns all it wrote. */
async function bash(script: string): Promise<string> {
  const setUp = `cd ${directory} && rm -f * && echo secret > secret && PATH=${resolve("bin")}:$PATH`;
  const { stdout, stderr, code } = await lab().host.run(["bash", "-c", `${setUp}\n${script}`], { timeout: 60_000 });
  return stdout + stderr + (code === 0 ? "" : `code ${code}\n`);
}

/** Each completes the sentence "a command that exec runs …". */
const table: readonly (readonly [what: string, script: string, expected: string])[] = [
  [
    "cannot read what stands in the caller's file",
    "tsd exec c sh -c 'timeout 1 head -c 6 /proc/$$/fd/1 > /stolen; exit 0' >> secret; tsd exec c cat /stolen",
    "",
  ],
  ["cannot truncate it", "tsd exec c sh -c ': > /proc/self/fd/1; echo new' >> secret; cat secret", "secret\nnew\n"],
  ["cannot write to its input", "tsd exec -i c sh -c 'echo DROP > /proc/self/fd/0' < secret; cat secret", "secret\n"],
  [
    "cannot write to an input that is open for it",
    "tsd exec -i c sh -c 'echo DROP >&0; : > /dev/stdin' 0<>secret 2> /dev/null; cat secret",
    "secret\n",
  ],
  [
    "makes no file of the caller's another user's",
    "tsd exec -iu 1000:1000 c true <> secret > out 2> err; stat -c '%u %a' secret out err | sort -u",
    "0 644\n",
  ],
  [
    "has pipes only, whatever the caller has",
    "for i in 0 1 2; do tsd exec -i c readlink /proc/self/fd/$i < secret 2> err 9< /etc/shadow; done | sed 's/[0-9]*//g'",
    "pipe:[]\n".repeat(3),
  ],
  [
    "has no further descriptor of the caller's",
    "for flags in '' -i -t; do tsd exec $flags c ls /proc/self/fd < /dev/null 3< secret 9< secret 77< secret; done | tr -d '\\r\\n '",
    "0123".repeat(3),
  ],
  [
    "has none that a service manager hands on",
    "LISTEN_FDS=2 LISTEN_PID=1 NOTIFY_SOCKET=/run/x tsd exec c sh -c 'env | grep -E \"LISTEN|NOTIFY\"; ls /proc/self/fd' 3< secret 4< secret | tr -d '\\n'",
    "0123",
  ],
  ["opens its streams once more", "tsd exec -u 1000 c sh -c 'echo a > /dev/stdout; echo b > /dev/stderr'", "a\nb\n"],
  [
    "cannot change the host's /dev/null",
    "stat -c '%i %u %a' /dev/null > before; tsd exec -u 1000 c sh -c 'chmod 600 /proc/self/fd/*' < /dev/null > /dev/null 2>&1; stat -c '%i %u %a' /dev/null | diff before -",
    "",
  ],
  [
    "has no terminal of the caller's",
    "script -qec 'tsd exec c cat /dev/tty' /dev/null < /dev/null | grep -o 'No such device'",
    "No such device\n",
  ],
  ["cannot signal the caller's group", "tsd exec c sh -c 'kill -TERM 0'; echo $?", "143\n"],
  [
    "ends with its command, and what that leaves behind is cut off",
    "tsd exec c sh -c '(trap : PIPE; sleep 1; echo late; echo > /ended) & echo first; exit 3' >> secret 2> /dev/null; echo $?; tsd exec c sh -c 'for i in $(seq 600); do [ -e /ended ] && exit; usleep 50000; done; echo no end'; cat secret",
    "3\nsecret\nfirst\n",
  ],
  [
    "is not held up by a process left behind that floods or steals its output",
    "tsd exec c sh -c 'yes & cat /proc/self/fd/1 > /dev/null & usleep 100000; exit 4' > /dev/null; echo $?; tsd exec c killall yes cat 2> /dev/null; true",
    "4\n",
  ],
  [
    "loses nothing, for a slow reader too",
    "tsd exec c sh -c 'head -c 3000000 /dev/zero | tr \"\\0\" x; exit 3' | (sleep 1; wc -c); echo $PIPESTATUS",
    "3000000\n3\n",
  ],
  [
    "passes every byte through",
    "head -c 3000000 /dev/urandom > in; cat in | tsd exec -i c cat > out; tsd exec -i c cat < in | cmp - in; cmp in out",
    "",
  ],
  [
    "ends its input where the caller's ends, and has none unasked",
    "printf 'a\\nb' | tsd exec -i c sh -c 'cat; echo .'; echo x | tsd exec c sh -c 'cat; echo .'; tsd exec -i c cat <&-",
    "a\nb.\n.\n",
  ],
  ["does not wait for input that nobody wants", "(sleep 30 & echo $! > pid) | tsd exec -i c true; kill $(cat pid)", ""],
  ["ends when nobody reads", "tsd exec c yes | head -1; echo $PIPESTATUS", "y\n141\n"],
  ["keeps its streams apart", "tsd exec c sh -c 'echo out; echo err >&2' > out 2> err; cat out err", "out\nerr\n"],
  [
    "says when the output cannot be written",
    "tsd exec c echo x > /dev/full 2> err; echo $?; grep -c ENOSPC err",
    "125\n1\n",
  ],
  [
    "runs many at once",
    'for i in $(seq 8); do tsd exec c sh -c "seq 5000; echo $i" > out$i & done; wait; cat out? | wc -l',
    "40008\n",
  ],
  ["ends when nobody reads its terminal", "tsd exec -t c yes 2> /dev/null | head -1; echo $PIPESTATUS", "y\r\n141\n"],
  [
    "has a terminal without one of the caller's, silent without -i",
    "echo typed | tsd exec -t c sh -c 'tty; read -t 1 x; echo [$x]' | tr -d '\\r'; tsd exec -t c sh -c 'exit 4'; echo $?",
    "/dev/pts/0\n[]\n4\n",
  ],
  [
    "shows all that came just before the end, on a terminal too",
    "for i in $(seq 10); do tsd exec -t c sh -c 'seq 100; exit 3'; done | tr -d '\\r' | sort | uniq -c | awk '{print $1}' | sort -u",
    "10\n",
  ],
];

test("exec hands bytes over and no descriptor, terminal or process group, and loses none of the bytes", async () => {
  const { host } = lab();
  await host.mustTsd(["run", "-d", "--name", "c", "--net", "none", "busybox", "sleep", "1000"]);
  const wrong: unknown[] = [];
  for (const [what, script, expected] of table) {
    const written = await bash(script);
    if (written !== expected) wrong.push({ what, written, expected });
  }
  for (const signal of ["TERM", "INT", "HUP", "QUIT"]) {
    const command = `trap 'echo got; exit 9' ${signal}; echo ready; while :; do usleep 20000; done`;
    const running = host.startTsd(["exec", "c", "sh", "-c", command]);
    await running.saying("ready");
    process.kill(running.pid, `SIG${signal}`);
    const { stdout, code } = await running.ended;
    if (stdout !== "ready\ngot\n" || code !== 9) wrong.push({ signal, stdout, code });
  }
  const bundles = `${host.runDirectory}/containers`;
  const left = readdirSync(bundles).flatMap((id) => readdirSync(`${bundles}/${id}`));
  await host.mustTsd(["rm", "-f", "c"]);
  expect(wrong).toEqual([]);
  expect(left.filter((name) => name.startsWith("exec"))).toEqual([]);
}, 300_000);

test("a container and its supervisor have no descriptor of the caller's, and keep no pipe open", async () => {
  const supervisor = `$(cat ${lab().host.runDirectory}/containers/*/conmon.pid)`;
  const script = [
    "export LISTEN_FDS=2 LISTEN_PID=1 NOTIFY_SOCKET=/run/x",
    "run() { tsd run --net none --name c -d busybox sleep 1000; }",
    "x=$(run 3< secret 5< /etc/shadow 40< secret 99<> secret 7>&1); unset LISTEN_FDS LISTEN_PID NOTIFY_SOCKET",
    `ls -l /proc/${supervisor}/fd | grep -E 'secret|shadow'; tr '\\0' '\\n' < /proc/${supervisor}/environ | grep -E 'LISTEN|NOTIFY'`,
    "tsd exec c sh -c 'ls /proc/1/fd; grep -E \"LISTEN|NOTIFY\" /proc/1/environ'; tsd rm -f c > out",
  ];
  expect(await bash(script.join("\n"))).toBe("0\n1\n2\n");
}, 60_000);
