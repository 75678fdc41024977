import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { canonicalOptions, commonEndpointOptions, endpointSysctls } from "../../../src/api/index.js";
import { arrangeArguments } from "../../../src/commands/argument-order.js";
import { readAttachments } from "../../../src/commands/attachments.js";
import { readEnv } from "../../../src/commands/environment.js";
import * as values from "../../../src/commands/flag-values.js";
import { parseNetworkFlag } from "../../../src/commands/network-flag.js";
import { signalNumber } from "../../../src/contracts/signal-number.js";
import { bridgeOptions } from "../../../src/drivers/bridge/bridge-options.js";
import { addedHosts, parseAddedHost } from "../../../src/engine/requests/added-hosts.js";
import { parseExposed } from "../../../src/engine/requests/expose-spec.js";
import { foreignNamespace } from "../../../src/engine/requests/foreign-namespace.js";
import { parseLink } from "../../../src/engine/requests/link-spec.js";
import { parseMacAddress } from "../../../src/engine/requests/mac-address.js";
import { parsePort } from "../../../src/engine/requests/port-spec.js";
import { parseVolume } from "../../../src/engine/requests/volume-spec.js";
import { checkName } from "../../../src/engine/rows/identifiers.js";
import { checkSettings, parseSettings } from "../../../src/engine/settings/host-settings.js";
import { containerFilters } from "../../../src/filters/container-filters.js";
import { makeFilter } from "../../../src/filters/filters.js";
import { pruneFilter } from "../../../src/filters/prune-filters.js";
import { parseAddress } from "../../../src/ipam/address.js";
import { formatCidr, parseCidr } from "../../../src/ipam/cidr.js";
import { renderList } from "../../../src/presenters/list-view.js";
import { parseFormat } from "../../../src/presenters/template/format-template.js";
import { normaliseImageName } from "../../../src/runtime/images/image-name.js";
import { answerOrRefusal, anyText, fuzz, garbled } from "../../support/fuzz.js";

const port = fc.integer({ min: 1, max: 65_535 });

describe("-p", () => {
  const publication = fc
    .record({
      address: fc.oneof(
        fc.constant(""),
        fc
          .ipV4()
          .filter((ip) => Number.parseInt(ip, 10) < 224)
          .map((ip) => `${ip}:`),
        fc
          .ipV6()
          // Of one link, or a group's, also where the last 32 bits are written as IPv4.
          .filter((ip) => !/^fe[89ab]|^ff|:(22[4-9]|2[3-5]\d)\.[\d.]+$/i.test(ip))
          .map((ip) => `[${ip}]:`),
      ),
      host: port,
      container: port,
      count: fc.integer({ min: 1, max: 50 }),
      protocol: fc.constantFrom("tcp", "udp", "sctp"),
    })
    .filter(({ host, container, count }) => Math.max(host, container) + count <= 65_536);
  const range = (first: number, count: number): string => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);
  const print = ({
    address,
    host,
    container,
    count,
    protocol,
  }: typeof publication extends fc.Arbitrary<infer T> ? T : never) =>
    `${address}${range(host, count)}:${range(container, count)}/${protocol}`;

  fuzz("-p: garbled publications", garbled(publication.map(print), ":-/[]. 0"), (text) => {
    answerOrRefusal(() => parsePort(text));
    answerOrRefusal(() => parseExposed(text));
  });
  fuzz("-p: any text", anyText(":-/[].0123456789"), (text) => {
    const read = answerOrRefusal(() => parsePort(text));
    if (read !== undefined) expect(read.containerPort + read.count - 1).toBeLessThanOrEqual(65_535);
  });
  fuzz("-p: publications are read as they were written", publication, (wanted) => {
    expect(parsePort(print(wanted))).toMatchObject({
      hostPort: wanted.host,
      containerPort: wanted.container,
      count: wanted.count,
      protocol: wanted.protocol,
    });
  });
});

describe("--network", () => {
  const word = fc.stringMatching(/^[a-z0-9][a-z0-9 ,"=:]{0,10}[a-z0-9]$/);
  const fields = fc.record({
    name: word,
    aliases: fc.array(word, { maxLength: 3 }),
    options: fc.dictionary(fc.stringMatching(/^[a-z._]{1,9}$/), word),
  });
  const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
  const print = ({ name, aliases, options }: typeof fields extends fc.Arbitrary<infer T> ? T : never): string =>
    [
      `name=${name}`,
      ...aliases.map((alias) => `alias=${alias}`),
      ...Object.entries(options).map(([key, value]) => `driver-opt=${key}=${value}`),
    ]
      .map(quoted)
      .join(",");

  fuzz("--network: garbled fields", garbled(fields.map(print), '",=: \n'), (text) => {
    answerOrRefusal(() => readAttachments({ network: [text] }));
  });
  fuzz("--network: any text", anyText('",=:name alias ip'), (text) => {
    const read = answerOrRefusal(() => parseNetworkFlag(text));
    if (read !== undefined) expect(read.network).not.toBe("");
  });
  fuzz("--network: fields are read as they were written", fields, (wanted) => {
    const { aliases, options, name } = wanted;
    expect(parseNetworkFlag(print(wanted))).toEqual({
      network: name,
      ...(aliases.length === 0 ? {} : { aliases }),
      ...(Object.keys(options).length === 0 ? {} : { options: { ...options } }),
    });
  });
});

describe("subnets and addresses", () => {
  const cidr = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
  );
  fuzz(
    "CIDR: garbled",
    garbled(
      cidr.map((parts) => parts.join("/")),
      "0123456789abcdef.:/%",
    ),
    (text) => {
      answerOrRefusal(() => parseCidr(text, "subnet"));
      answerOrRefusal(() => parseAddress(text, "address"));
    },
  );
  fuzz("CIDR: any text", anyText("0123456789abcdef.:/%"), (text) => {
    const read = answerOrRefusal(() => parseCidr(text, "subnet"));
    if (read !== undefined) expect(parseCidr(formatCidr(read.cidr), "subnet").cidr).toEqual(read.cidr);
  });
  fuzz("CIDR: what is read prints as what is read again", cidr, (parts) => {
    const read = answerOrRefusal(() => parseCidr(parts.join("/"), "subnet"));
    if (read !== undefined) expect(parseCidr(formatCidr(read.cidr), "subnet").cidr).toEqual(read.cidr);
  });
});

describe("flags of one value", () => {
  const nothing = {
    images: { get: () => ({ id: "", layers: [], created: "" }) },
    containers: { inspect: () => ({ container: { created: "" } }) },
  };
  const parsers: readonly ((text: string) => unknown)[] = [
    values.parseMemory,
    values.parseCpus,
    values.parseSeconds,
    values.parseTail,
    values.parsePriority,
    parseVolume,
    parseMacAddress,
    parseLink,
    foreignNamespace,
    normaliseImageName,
    signalNumber,
    (text) => checkName("container", text),
    (text) => addedHosts([parseAddedHost(text)], ["10.0.0.1"]),
    (text) =>
      canonicalOptions(bridgeOptions, Object.fromEntries([values.splitPair(text, { flag: "opt", example: "a=b" })])),
    (text) => canonicalOptions({ of: "x", flag: "--driver-opt", options: commonEndpointOptions }, { sysctls: text }),
    (text) => endpointSysctls({ netns: "/x", interface: "eth0", options: { sysctls: text } } as never, []),
    (text) => makeFilter([text], containerFilters, nothing as never),
    (text) => pruneFilter([text], 0),
  ];
  fuzz("flags: any text through every parser", anyText(":/=-.,@%#"), (text) => {
    for (const parse of parsers) answerOrRefusal(() => parse(text));
  });

  const key = fc.string({ minLength: 1 }).filter((text) => !text.includes("="));
  fuzz(
    "--label, --env, --opt: pairs survive, whatever their keys",
    fc.array(fc.tuple(fc.oneof(key, fc.constantFrom("__proto__", "constructor", "toString")), fc.string())),
    (pairs) => {
      const texts = pairs.map((pair) => pair.join("="));
      const expected = new Map(pairs);
      expect(new Map(Object.entries(values.parseLabels(texts)))).toEqual(expected);
      expect(new Map(Object.entries(values.parsePairs(texts, { flag: "opt", example: "a=b" })))).toEqual(expected);
      expect(readEnv(texts, { env: {} })).toEqual(texts);
      answerOrRefusal(() => values.parseAuxiliary(texts));
    },
  );
  fuzz("--label, --env, --opt: any texts", fc.array(anyText("=,")), (texts) => {
    answerOrRefusal(() => values.parseLabels(texts));
    answerOrRefusal(() => values.parsePairs(texts, { flag: "opt", example: "a=b" }));
    answerOrRefusal(() => readEnv(texts, { env: { a: "1" } }));
  });
});

describe("command lines", () => {
  const flags = {
    detach: { type: "boolean", char: "d" },
    tty: { type: "boolean", char: "t" },
    publish: { type: "option", char: "p" },
    network: { type: "option", aliases: ["net"] },
  } as const;
  const word = fc.oneof(
    anyText("-="),
    fc.stringMatching(/^-{0,2}[dtp]{0,4}(=[a-z]{0,5})?$/),
    fc.constantFrom("--", "-", "--net", "--tty=false"),
  );
  fuzz("arguments: any words", fc.tuple(fc.array(word, { maxLength: 6 }), fc.boolean()), ([words, stopAtArgument]) => {
    const read = answerOrRefusal(() => arrangeArguments(words, { flags, stopAtArgument }));
    if (read !== undefined) expect(read.words.length).toBeLessThanOrEqual(words.length + 1);
  });
});

describe("--format", () => {
  const data = { ID: "abc", Labels: { a: "b", "x-y": "z" }, Names: ["one", "two"], Nothing: null };
  const template = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "{{.ID}}",
          "{{json .}}",
          '{{join .Names ", "}}',
          "{{.Labels.a | upper}}",
          "table ",
          "\\t",
          "{{",
          "}}",
        ),
        fc.string({ maxLength: 4 }),
      ),
    )
    .map((parts) => parts.join(""));
  fuzz("--format: garbled templates", garbled(template, '{}.|"\\ join'), (text) => {
    answerOrRefusal(() => parseFormat(text).render(data));
    answerOrRefusal(() => parseFormat(text).renderHeadings({ ID: "ID" }));
    answerOrRefusal(() =>
      renderList([{ ID: "1" }], { headings: { ID: "ID" }, columns: ["ID"], quiet: "ID" }, { format: text }),
    );
  });
  fuzz(
    "--format: text without braces stands as it is",
    fc.string().filter((text) => !/\{\{|\\[tn]/.test(text)),
    (text) => {
      expect(parseFormat(text).render(data)).toBe(text);
    },
  );
});

describe("the configuration file", () => {
  const keys = [
    "bip",
    "bridge",
    "fixed-cidr",
    "fixed-cidr-v6",
    "ipv6",
    "icc",
    "ip-forward",
    "ip",
    "mtu",
    "default-address-pools",
    "nat",
    "__proto__",
    "toString",
  ];
  const text = fc.constantFrom(
    "10.0.0.1/24",
    "fd00::1/64",
    "auto",
    "none",
    "1.2.3.4%x/24",
    "010.0.0.1/8",
    "::ffff:1.2.3.4/24",
  );
  const value = fc.oneof(
    fc.jsonValue(),
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(fc.record({ base: fc.oneof(text, fc.string()), size: fc.integer() })),
  );
  const settings = fc.oneof(
    fc.jsonValue(),
    fc
      .array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 4 })
      .map((pairs) => JSON.parse(JSON.stringify(Object.fromEntries(pairs)))),
  );
  fuzz("configuration: any JSON", settings, (given) => {
    answerOrRefusal(() => checkSettings(parseSettings(given, "config.json")));
  });
});
