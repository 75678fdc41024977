import { describe, expect, test } from "@jest/globals";
import { containerRow, containerView, wideContainerView } from "../../../src/presenters/container-list.js";
import { imageRows, imageView } from "../../../src/presenters/image-list.js";
import { renderList } from "../../../src/presenters/list-view.js";
import { networkRow, networkView } from "../../../src/presenters/network-list.js";
import { makeDetails, makeImage, makeNetwork, now } from "./samples.js";

const short = { full: false, now };
const networks = [
  makeNetwork(),
  makeNetwork({
    name: "a-much-longer-name",
    labels: { tier: "db", a: "" },
    internal: true,
    options: { icc: "false", mtu: "1400" },
  }),
];
const networkRows = networks.map((network) => networkRow(network, short));

describe("a list", () => {
  test("of networks is docker's table and the subnet", () => {
    expect(renderList(networkRows, networkView, {})).toBe(
      [
        "NETWORK ID     NAME                 DRIVER    SCOPE     SUBNET          MARKS",
        "a1a1a1a1a1a1   web                  bridge    local     10.10.10.0/24   ",
        "a1a1a1a1a1a1   a-much-longer-name   bridge    local     10.10.10.0/24   internal, icc=false",
        "",
      ].join("\n"),
    );
  });

  test("of nothing is its heading", () => {
    expect(renderList([], networkView, {})).toBe("NETWORK ID   NAME      DRIVER    SCOPE     SUBNET    MARKS\n");
  });

  test("of containers has docker's columns, and in wide form where each is on the network", () => {
    const details = makeDetails(
      { command: ["sh", "-c", 'echo "a long command line"'] },
      { ports: [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }] },
    );
    const rows = [containerRow(details, short)];
    expect(renderList(rows, containerView, {})).toBe(
      [
        "CONTAINER ID   IMAGE     COMMAND                   CREATED          STATUS         PORTS                  NAMES",
        'c1c1c1c1c1c1   busybox   "sh -c echo \\"a long …"   10 minutes ago   Up 3 minutes   0.0.0.0:8080->80/tcp   www',
        "",
      ].join("\n"),
    );
    expect(renderList(rows, wideContainerView, {})).toBe(
      [
        "CONTAINER ID   IMAGE     PID       IP           NETWORKS   CREATED          STATUS         PORTS                  NAMES",
        "c1c1c1c1c1c1   busybox   4711      10.10.10.2   web        10 minutes ago   Up 3 minutes   0.0.0.0:8080->80/tcp   www",
        "",
      ].join("\n"),
    );
  });

  test.each([
    [{ paused: true }, "Up 3 minutes (Paused)", "paused"],
    [{ health: { status: "starting", failingStreak: 0, log: [] } }, "Up 3 minutes (health: starting)", "running"],
    [{ health: { status: "unhealthy", failingStreak: 3, log: [] } }, "Up 3 minutes (unhealthy)", "running"],
    [{ status: "stopping" }, "Stopping", "running"],
  ] as const)("of containers says of one that is %j: %s", (container, Status, State) => {
    expect(containerRow(makeDetails(container), short)).toMatchObject({ Status, State });
  });

  test("of containers has docker's fields", () => {
    const spec = { volumes: ["/srv:/data:ro", "cache:/cache", "/var/lib/x"], labels: { tier: "front" } };
    const row = containerRow(makeDetails({ spec }), short);
    expect(row).toMatchObject({
      Mounts: "/srv,cache,/var/lib/x",
      LocalVolumes: "1",
      CreatedAt: "2026-01-02 03:04:05 +0000 UTC",
    });
    expect(containerRow(makeDetails(), { ...short, size: { written: 12_345, total: 4_261_550 } }).Size).toBe(
      "12.3kB (virtual 4.26MB)",
    );
    expect(renderList([row], containerView, { format: '{{.Label "tier"}}|{{.Label "none"}}' })).toBe("front|\n");
    expect(renderList([row], containerView, { format: 'table {{.Names}}\t{{.Label "tier"}}' })).toBe(
      "NAMES     tier\nwww       front\n",
    );
  });

  test("of images has a row for each name, one even without", () => {
    const images = [makeImage({ names: ["busybox:latest", "host:5000/bb:1"] }), makeImage({ names: [] })];
    const rows = images.flatMap((image) => imageRows(image, short));
    expect(renderList(rows, imageView, {})).toBe(
      [
        "REPOSITORY     TAG       IMAGE ID       CREATED          SIZE",
        "busybox        latest    b1b1b1b1b1b1   10 minutes ago   4.26MB",
        "host:5000/bb   1         b1b1b1b1b1b1   10 minutes ago   4.26MB",
        "<none>         <none>    b1b1b1b1b1b1   10 minutes ago   4.26MB",
        "",
      ].join("\n"),
    );
  });
});

describe("options of a list", () => {
  test("quiet prints each id once", () => {
    expect(renderList(networkRows, networkView, { quiet: true })).toBe("a1a1a1a1a1a1\n");
  });

  test("full ids and commands", () => {
    const row = containerRow(makeDetails({ command: ["a".repeat(30)] }), { full: true, now });
    expect(row).toMatchObject({ ID: "c1".repeat(32), Command: `"${"a".repeat(30)}"` });
    expect(imageRows(makeImage(), { full: true, now })[0]?.ID).toBe(`sha256:${"b1".repeat(32)}`);
  });

  test.each([
    ["table", renderList(networkRows, networkView, {})],
    ["{{.Name}} {{.Labels}}", "web \na-much-longer-name tier=db,a=\n"],
    [
      "table {{.Name}}\\t{{.Driver}}",
      "NAME                 DRIVER\nweb                  bridge\na-much-longer-name   bridge\n",
    ],
  ])("format %s", (format, text) => {
    expect(renderList(networkRows, networkView, { format })).toBe(text);
  });

  test("format json prints an object a line", () => {
    const lines = renderList(networkRows, networkView, { format: "json" }).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(networkRows)));
  });

  test("an unknown field is refused even where there is a heading only", () => {
    expect(() => renderList([], networkView, { format: "table {{.Nome}}" })).toThrow("unknown field .Nome");
  });

  test("colour touches the heading alone", () => {
    const [heading, ...rows] = renderList(networkRows, networkView, { colour: true }).split("\n");
    expect(heading).toContain("\u001b[1m");
    expect(rows.join("\n")).not.toContain("\u001b");
  });
});
