import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { parseMounts, unescapeOctal } from "../../../src/kernel/files/mount-table.js";
import { parseListeners } from "../../../src/kernel/host/listeners.js";
import { parseNameservers, parseResolverOptions } from "../../../src/kernel/host/resolver-file.js";
import { LineAssembler } from "../../../src/runtime/line-assembler.js";
import { parseLogRecord } from "../../../src/runtime/log-record.js";
import { resolveUser } from "../../../src/runtime/user.js";
import { answerOrRefusal, anyText, damaged, fuzz, garbled } from "../../support/fuzz.js";

describe("resolv.conf", () => {
  const word = fc.stringMatching(/^[a-z0-9.:-]{1,12}$/);
  const file = fc.record({ servers: fc.array(word), search: fc.array(word), options: fc.array(word) });
  const print = ({ servers, search, options }: typeof file extends fc.Arbitrary<infer T> ? T : never): string =>
    [
      ...servers.map((one) => `nameserver ${one}`),
      `search ${search.join(" ")}`,
      `options ${options.join(" ")}`,
      "",
    ].join("\n");

  fuzz("resolv.conf: garbled", garbled(file.map(print), "\n\t %#;"), (text) => {
    for (const server of parseNameservers(text)) expect(server).toMatch(/^\S+$/);
    const { search, options } = parseResolverOptions(text);
    for (const value of [...search, ...options]) expect(value).toMatch(/^\S+$/);
  });
  fuzz("resolv.conf: what is printed is read", file, (wanted) => {
    expect(parseNameservers(print(wanted))).toEqual(wanted.servers);
    expect(parseResolverOptions(print(wanted))).toEqual({ search: wanted.search, options: wanted.options });
  });
});

describe("mountinfo", () => {
  const line = "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw,errors=continue";
  fuzz(
    "mountinfo: garbled",
    garbled(
      fc.array(fc.constant(line)).map((lines) => lines.join("\n")),
      "\n -\\0479",
    ),
    (text) => {
      for (const { path, type } of parseMounts(text)) expect([typeof path, typeof type]).toEqual(["string", "string"]);
    },
  );
  fuzz("mountinfo: paths survive the kernel's way of writing them", fc.string(), (path) => {
    const written = path.replace(/[ \t\n\\]/g, (mark) => `\\${mark.charCodeAt(0).toString(8).padStart(3, "0")}`);
    expect(unescapeOctal(written)).toBe(path);
  });
});

describe("/proc/net/tcp", () => {
  const line = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0";
  const lines = fc.array(fc.constant(line)).map((all) => all.join("\n"));
  fuzz("sockets of /proc/net: garbled", garbled(lines, "\n :0A"), (text) => {
    for (const address of parseListeners(text, "tcp", 8080)) expect(address).toMatch(/^[0-9a-f.:]+$/);
  });
});

describe("passwd and group of an image", () => {
  const passwd = fc
    .array(
      fc.constantFrom("root:x:0:0::/root:/bin/sh", "bob:x:1000:1001:B:/home/bob:", "+::::::", "x:x:99999999999:0::/:"),
    )
    .map((lines) => lines.join("\n"));
  const group = fc
    .array(fc.constantFrom("root:x:0:", "wheel:x:10:bob,root", "x:x:-1:bob"))
    .map((lines) => lines.join("\n"));
  const wanted = fc.oneof(fc.constantFrom("", "bob", "0", "bob:wheel", "1:", ":10", "x"), anyText(":0"));
  fuzz(
    "passwd, group: garbled",
    fc.tuple(wanted, garbled(passwd, ":\n#+0"), garbled(group, ":,\n#0")),
    ([user, people, groups]) => {
      const found = answerOrRefusal(() => resolveUser(user, { passwd: people, group: groups }));
      if (found === undefined) return;
      for (const id of [found.uid, found.gid, ...found.additionalGids]) {
        expect(Number.isInteger(id) && id >= 0 && id < 2 ** 31).toBe(true);
      }
    },
  );
});

describe("a container's log", () => {
  const record = fc.tuple(fc.constantFrom("stdout", "stderr", "other"), fc.constantFrom("P", "F", "X"), fc.string());
  const log = fc
    .array(record)
    .map((records) =>
      Buffer.from(records.map(([stream, tag, text]) => `2024-01-01T00:00:00Z ${stream} ${tag} ${text}\n`).join("")),
    );
  const slices = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  fuzz("log: damaged, in any slices", fc.tuple(damaged(log), slices), ([bytes, sizes]) => {
    const assembler = new LineAssembler();
    const lines = [];
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      lines.push(...assembler.push(bytes.subarray(at, at + size)));
      at += size;
    }
    lines.push(...assembler.flush());
    const whole = new LineAssembler();
    expect([...whole.push(bytes), ...whole.flush()]).toEqual(lines);
    parseLogRecord(bytes);
  });
});
